"""Writes the messy workbooks and the lists of their faults into tests/data/messy."""

import subprocess
import tempfile
from pathlib import Path

from . import BOOKS, CONVERTED

FOLDER = Path(__file__).parent.parent / "data" / "messy"


def main() -> None:
    """Write every workbook; those of `CONVERTED` go through LibreOffice."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, build in BOOKS.items():
        book = build()
        data = through_libreoffice(book.to_bytes()) if name in CONVERTED else book.to_bytes()
        (FOLDER / f"{name}.xlsx").write_bytes(data)
        (FOLDER / f"{name}.csv").write_text(book.manifest(), "utf-8")
        print(f"{name}: {len(book.faults)} faults")


def through_libreoffice(data: bytes) -> bytes:
    """Return a workbook as LibreOffice saves it. Raises if `soffice` is not installed."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "so.xlsx"
        source.write_bytes(data)
        saved = Path(folder) / "saved"
        profile = f"-env:UserInstallation={(Path(folder) / 'profile').as_uri()}"
        call = ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", saved, source]
        subprocess.run([str(a) for a in call], check=True, capture_output=True, timeout=300)
        return (saved / "so.xlsx").read_bytes()


if __name__ == "__main__":
    main()

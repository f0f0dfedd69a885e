"""One short text for a folder of templates: another text, other templates."""

from hashlib import blake2b
from pathlib import Path


def fingerprint(folder: Path) -> str:
    """Return the fingerprint of the templates in `folder`: of their names and their bytes.

    One that cannot be read counts as empty: rendering says what is wrong with it.
    """
    digest = blake2b(digest_size=8)
    for path in sorted(folder.glob("*.j2")):
        digest.update(path.name.encode() + b"\0")
        try:
            digest.update(path.read_bytes())
        except OSError:
            continue
    return digest.hexdigest()

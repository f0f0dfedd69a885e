"""A PostgreSQL server of the tests' own: made where its programs are found, gone afterwards.

It listens on loopback, keeps its files in a folder of its own and trusts whoever comes. As root
it runs as another user: PostgreSQL refuses root.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from smtp_server import free_port

SETTINGS = ("fsync=off", "full_page_writes=off", "shared_buffers=16MB", "max_connections=40")
"""The tests kill workers, never the server: nothing needs to survive its end."""


def programs() -> Path | None:
    """Return the folder with initdb and pg_ctl, the newest version's; None where there is none."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version, reverse=True)
    on_path = [Path(found).resolve().parent for found in [shutil.which("initdb")] if found]
    both = [*on_path, *installed]
    return next((p for p in both if (p / "initdb").exists() and (p / "pg_ctl").exists()), None)


def _version(folder: Path) -> int:
    name = folder.parent.name.partition(".")[0]
    return int(name) if name.isdigit() else 0


@contextmanager
def server(found: Path) -> Iterator[str]:
    """Run a server for the time of the tests; give the URL of its database."""
    folder = Path(tempfile.mkdtemp(prefix="automator-pg-"))
    owner = _owner()
    try:
        if owner is not None:
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        data = str(folder / "data")
        initdb = [str(found / "initdb"), "-D", data, "-U", "tests", "-A", "trust", "-E", "UTF8"]
        _call([*initdb, "--no-sync", "--no-instructions"], owner, folder)
        port = free_port()
        options = [f"-c {s}" for s in (*SETTINGS, f"unix_socket_directories={folder}")]
        options += [f"-p {port}", "-h 127.0.0.1"]
        control = [str(found / "pg_ctl"), "-D", data, "-w", "-s"]
        log = str(folder / "log")
        _call([*control, "-l", log, "-o", " ".join(options), "start"], owner, folder)
        try:
            yield f"postgresql+psycopg://tests@127.0.0.1:{port}/postgres"
        finally:
            _call([*control, "-m", "immediate", "stop"], owner, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _owner() -> pwd.struct_passwd | None:
    """Return whom the server runs as where we are root."""
    if os.getuid() != 0:
        return None
    names = {user.pw_name: user for user in pwd.getpwall()}
    return names.get("postgres") or names["nobody"]


def _call(command: list[str], owner: pwd.struct_passwd | None, folder: Path) -> None:
    """Do one command; what it prints goes to a file, which the server may go on holding."""
    who = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []} if owner else {}
    said = folder / "said"
    with said.open("wb") as out:
        done = subprocess.run(
            command,
            cwd=folder,
            stdout=out,
            stderr=out,
            check=False,
            **who,  # type: ignore[call-overload]
        )
    if done.returncode != 0:
        raise RuntimeError(said.read_text("utf-8", "replace"))

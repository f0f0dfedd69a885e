"""Calls the command line in this process, as `automator ARGUMENTS` would, and keeps its words."""

import io
import json
import sys
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from automator import resources
from automator.cli.app import main

SAMPLE = resources.sheet_templates() / "so-theo-doi-mau.xlsx"
SAMPLE_CONFIG = resources.config_file()


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """How a call ended: its exit code, stdout and stderr."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The JSON document on stdout."""
        return json.loads(self.out)


def automator(*arguments: object) -> Called:
    """Call the command line. Anything but SystemExit is a bug and comes through."""
    out, err = io.StringIO(), io.StringIO()
    code: object = None
    with redirect_stdout(out), redirect_stderr(err):
        try:
            main([str(a) for a in arguments])
        except SystemExit as end:
            code = end.code
    assert isinstance(code, int), code
    return Called(code=code, out=out.getvalue(), err=err.getvalue())


def automator_command() -> list[str]:
    """Return how to start the command in a process of its own."""
    return [sys.executable, "-c", "from automator.cli.app import main; main()"]


def sample_config(folder: Path, replaced: Mapping[str, str]) -> Path:
    """Write the shipped config into `folder`, each old text replaced by a new one; return it."""
    text = SAMPLE_CONFIG.read_text("utf-8")
    for old, new in replaced.items():
        assert old in text, old
        text = text.replace(old, new)
    path = folder / "config.toml"
    path.write_text(text, "utf-8")
    return path

"""Where the files that ship with the package stand: the default set-up and the templates.

A wheel carries them under `automator/data/`; a checkout (or an editable install of one) keeps
them at its top level, where people look for them.
"""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def _root() -> Path:
    data = _PACKAGE / "data"
    return data if data.is_dir() else _PACKAGE.parent


def config_file() -> Path:
    """Return the packaged config.toml: the directive of 2021."""
    return _root() / "config.toml"


def mail_templates() -> Path:
    """Return the folder of the packaged mail templates."""
    return _root() / "mail_templates"


def sheet_templates() -> Path:
    """Return the folder of the packaged workbooks: the blank one and the sample."""
    return _root() / "sheet_templates"


def schema_file() -> Path:
    """Return the JSON Schema of the document that `run --json` and `status --json` print."""
    return _PACKAGE / "schema.json"

"""A password, read at the last moment from where config.toml says it lies."""

from collections.abc import Mapping
from pathlib import Path

from automator.errors import ConfigError


def read(section: str, name: str, file: Path | None, environ: Mapping[str, str]) -> str:
    """Return the password of a section ("[mail]"): of a variable, of a file, "" without either.

    A file's final line break is not part of it. Raises ConfigError, which names the variable
    or the file and never what is in it.
    """
    if name:
        return _from_environment(section, name, environ)
    return _from_file(section, file) if file is not None else ""


def _from_environment(section: str, name: str, environ: Mapping[str, str]) -> str:
    value = environ.get(name, "")
    if not value:
        msg = f"the environment variable {name}, named in {section} password_env, is not set"
        raise ConfigError(msg, hint=f"set {name}, or name a file in {section} password_file")
    return value


def _from_file(section: str, path: Path) -> str:
    msg = f"{section} password_file {path} cannot be read as text"
    try:
        value = path.read_text("utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(msg, hint="it holds the password and nothing else") from error
    if not value:
        msg = f"{section} password_file {path} is empty"
        raise ConfigError(msg, hint="it holds the password and nothing else")
    return value

"""Find config.toml, read it, and report all that is wrong in it at once."""

import re
import tomllib
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from automator import resources
from automator.errors import ConfigError

if TYPE_CHECKING:
    from automator.config.model import File
    from automator.config.paths import Overrides
    from automator.config.values import Config

NAME = "config.toml"
_PLAINER = {"Cannot overwrite a value": "this key or table stands in the file twice"}
_AT = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


def load(
    path: Path | None = None,
    *,
    workbook: Path | None = None,
    ledger: str | None = None,
    outbox: Path | None = None,
    cwd: Path | None = None,
) -> "Config":
    """Return the configuration: of `path`, else of ./config.toml, else of the packaged file.

    `workbook`, `ledger` and `outbox` override the file; their relative paths, and those of the
    packaged set-up, start at `cwd` (default: the working directory), those of any other file
    at its folder. Raises ConfigError, which holds every fault, one line each.
    """
    from automator.config.paths import Overrides  # pydantic is slow to import: only when used

    here = cwd or Path.cwd()
    file, packaged = find(path, here)
    raw = read(file)
    over = Overrides(cwd=here, workbook=workbook, ledger=ledger, outbox=outbox)
    return config_of(raw, file, over, packaged=packaged)


def find(path: Path | None, cwd: Path) -> tuple[Path, bool]:
    """Return the config file to read, and whether it is the packaged one for lack of another."""
    if path is not None:
        return (cwd / path.expanduser()).absolute(), False
    own = cwd / NAME
    return (own.absolute(), False) if own.exists() else (resources.config_file(), True)


def read(file: Path) -> dict[str, Any]:
    """Return the TOML of `file`, its text in Unicode's form NFC. Raises ConfigError."""
    try:
        text = file.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        msg = f"{file} is not UTF-8 text"
        raise ConfigError(msg, hint="save it as UTF-8 in your editor") from error
    except OSError as error:
        msg = f"{file} cannot be read: {error.strerror or error}"
        raise ConfigError(msg, hint="name another file with --config FILE") from error
    try:
        return tomllib.loads(unicodedata.normalize("NFC", text))
    except (ValueError, RecursionError) as error:  # a number of 5,000 digits, 1,000 brackets
        raise _syntax(file, text, str(error)) from None


def _syntax(file: Path, text: str, message: str) -> ConfigError:
    found = _AT.search(message)
    lines = text.splitlines() or [""]
    end = (str(len(lines)), str(len(lines[-1]) + 1))
    line, column = found.groups() if found and found[1] else end
    what = _AT.sub("", message)
    what = _PLAINER.get(what, what)
    return ConfigError(
        f"{file}, line {line}, column {column}: this is not TOML: {what}",
        hint='text stands in "quotes", a day without them (2021-02-25), lists in [brackets]',
    )


def _validated(raw: dict[str, Any], file: Path) -> "File":
    from pydantic import ValidationError

    from automator.config import checks, faults
    from automator.config.model import File

    found: list[faults.Fault] = []
    model: File | None = None
    try:
        model = File.model_validate(raw)
    except ValidationError as error:
        found += faults.from_pydantic(error, raw)
    found += checks.faults(raw)
    if model is None or found:
        lines = tuple(dict.fromkeys(faults.line(fault, raw) for fault in found))
        count = "1 fault" if len(lines) == 1 else f"{len(lines)} faults"
        hint = "mend it in the file; every key is explained in docs/config.md"
        msg = f"{file} has {count}"
        raise ConfigError(msg, hint=hint, faults=lines)
    return model


def config_of(
    raw: dict[str, Any], file: Path, over: "Overrides", *, packaged: bool = False
) -> "Config":
    """Return the configuration of the TOML `raw`, read from `file`. Raises ConfigError."""
    from automator.config import build, paths
    from automator.config.values import Config

    model = _validated(raw, file)
    bases = paths.Bases.of(file, packaged=packaged, cwd=over.cwd)
    directive = build.directive(model)
    workbook = paths.workbook(model.workbook, bases, over)
    return Config(
        path=file,
        packaged=packaged,
        directive=directive,
        policy=build.policy(model, workbook.publish),
        calendar=build.calendar(model.calendar),
        workbook=workbook,
        ledger=paths.ledger(model.ledger.url, bases, over),
        mail=paths.mail(model.mail, directive, bases, over),
        schedule=build.schedule(model.schedule),
        templates=paths.templates(model.mail, bases),
        decisions=build.decisions(model),
    )

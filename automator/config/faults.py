"""What is wrong in config.toml, in one English line each: key path, value, what is expected."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from automator.config import fields
from automator.config.model import File

Place = tuple[str | int, ...]

_SECRET = ("pass", "secret", "token", "api_key", "apikey", "credential", "private", "pwd")
_TYPES = {
    "string_type": "text in quotes",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "list_type": "a list in [ ]",
    "dict_type": "a table",
    "model_type": "a table",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: where it is (keys, and 0-based places in lists) and what is expected there."""

    place: Place
    expected: str
    show: bool = True  # whether the value may be shown


def path_of(place: Place) -> str:
    """Return a place as people write it: `obligation[2].before`, tables counted from 1."""
    words = [f"[{p + 1}]" if isinstance(p, int) else f".{p}" for p in place]
    return "".join(words).removeprefix(".")


def value_at(raw: Any, place: Place) -> Any:
    """Return what the file holds at `place`, None where there is nothing."""
    for part in place:
        if isinstance(part, int) and isinstance(raw, Sequence):
            raw = raw[part] if part < len(raw) else None
        else:
            raw = raw.get(part) if isinstance(raw, Mapping) else None
    return raw


def line(fault: Fault, raw: Mapping[str, Any]) -> str:
    """Return the fault as one line. A value that may be a secret is never in it."""
    value = value_at(raw, fault.place)
    shown = _shown(value) if fault.show and not _secret(fault.place) else ""
    return f"{path_of(fault.place)}{shown}: {fault.expected}{_named(fault.place, raw)}"


def from_pydantic(error: ValidationError, raw: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield the faults of single values, as found by the models."""
    for found in error.errors(include_url=False, include_input=False):
        place: Place = tuple(p for p in found["loc"] if p != "[key]")
        if found["type"] == "extra_forbidden":
            yield Fault(place, _unknown(place), show=False)
        elif found["type"] == "missing":
            yield Fault(place, "is missing", show=False)
        else:
            yield Fault(place, _expectation(found["type"], found, value_at(raw, place)))


def _expectation(kind: str, found: Mapping[str, Any], value: Any) -> str:
    context = found.get("ctx", {})
    if kind == "value_error":
        return str(context["error"])
    if kind == "literal_error":
        known = [word.strip("'") for word in _words(context["expected"])]
        hint = fields.nearest(value, known) if isinstance(value, str) else ""
        return f"expected one of {', '.join(known)}{hint}"
    return f"expected {_TYPES.get(kind) or _range(kind, context)}"


def _words(expected: str) -> list[str]:
    return expected.replace(" or ", ", ").split(", ")


def _range(kind: str, context: Mapping[str, Any]) -> str:
    names = {"gt": "more than", "ge": "at least", "lt": "less than", "le": "at most"}
    bounds = [f"{words} {context[k]}" for k, words in names.items() if k in context]
    return f"a number of {' and '.join(bounds)}" if bounds else f"another value ({kind})"


def _unknown(place: Place) -> str:
    *where, last = place
    if any(word in str(last).lower() for word in ("pass", "secret", "token", "pwd")):
        return (
            "a password does not belong in this file; [mail] names an environment variable in "
            "password_env, or a file that holds it in password_file"
        )
    model = _model_at(tuple(where))
    known = [f.alias or name for name, f in model.model_fields.items()] if model else []
    return f"is no known key here{fields.nearest(str(last), known)}"


def _model_at(place: Place) -> type[BaseModel] | None:
    """Return the model of the table at `place`."""
    model: type[BaseModel] | None = File
    for part in place:
        if isinstance(part, int) or model is None:
            continue
        named = {f.alias or name: f for name, f in model.model_fields.items()}
        model = _model_in(named[part].annotation) if part in named else None
    return model


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((m for a in get_args(annotation) if (m := _model_in(a))), None)


def _secret(place: Place) -> bool:
    return any(word in str(part).lower() for part in place for word in _SECRET)


def _shown(value: Any) -> str:
    """Return ` = value`, "" where there is none or it is a table; long text is cut."""
    if isinstance(value, bool):
        return f" = {str(value).lower()}"
    if isinstance(value, date | time | int | float):
        return f" = {value}"
    if isinstance(value, str) and "://" not in value:
        return f' = "{_escaped(value)}"'
    if isinstance(value, list) and value and all(isinstance(v, str | int) for v in value):
        return f" = [{', '.join(_shown(v)[3:] for v in value[:5])}{', …' * (len(value) > 5)}]"
    return ""


def _escaped(text: str) -> str:
    """Return text without line breaks, cut after 60 characters."""
    plain = "".join(c if c.isprintable() else repr(c)[1:-1] for c in text[:60])
    return plain + "…" * (len(text) > 60)


def _named(place: Place, raw: Mapping[str, Any]) -> str:
    """Return ` (in obligation "plan")` for a place in a table that has an id."""
    if len(place) < 2 or not isinstance(place[1], int) or place[2:] == ("id",):
        return ""
    name = value_at(raw, (*place[:2], "id"))
    return f' (in {place[0]} "{_escaped(name)}")' if isinstance(name, str) and name else ""

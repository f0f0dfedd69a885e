"""Google's own description of the Sheets API: what a body may hold, and what it may not."""

import importlib.util
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from .faults import Json, violation

PLACE = Path("discovery_cache", "documents", "sheets.v4.json")


@cache
def document() -> Json:
    """Return the discovery document that google-api-python-client carries."""
    spec = importlib.util.find_spec("googleapiclient")
    assert spec is not None, "install google-api-python-client: the test extra has it"
    assert spec.origin is not None
    text = (Path(spec.origin).parent / PLACE).read_text(encoding="utf-8")
    found: Json = json.loads(text)
    return found


@cache
def schema(name: str) -> Json:
    """Return the schema of a message."""
    found: Json = document()["schemas"][name]
    return found


def check(name: str, body: Any, where: str = "") -> None:
    """Refuse (ApiError 400) a body that is not a message of type `name`.

    A message that stands in many places as one object, as thousands of cells do, is looked at once.
    """
    _message(schema(name), body, where, set())


Seen = set[tuple[str, int]]


def _message(described: Json, body: Any, where: str, seen: Seen) -> None:
    if not isinstance(body, dict):
        text = f"Invalid JSON payload received. '{where}' is no object: {json.dumps(body)}"
        raise violation(where, text)
    known = described.get("properties", {})
    for key, value in body.items():
        if key not in known:
            at = f" at '{where}'" if where else ""
            text = f'Invalid JSON payload received. Unknown name "{key}"{at}: Cannot find field.'
            raise violation(where, text)
        if value is not None:
            _value(known[key], value, f"{where}.{key}" if where else key, seen)


def _value(described: Json, value: Any, where: str, seen: Seen) -> None:
    if "$ref" in described:
        this = (described["$ref"], id(value))
        if this not in seen:
            _message(schema(described["$ref"]), value, where, seen)
            seen.add(this)
    elif described["type"] == "array":
        if not isinstance(value, list):
            raise violation(where, f"Invalid value at '{where}' (ListValue), {json.dumps(value)}")
        for position, each in enumerate(value):
            _value(described["items"], each, f"{where}[{position}]", seen)
    elif "additionalProperties" in described:
        keys = value if isinstance(value, dict) else ()
        each_of_them = dict.fromkeys(keys, described["additionalProperties"])
        _message({"properties": each_of_them}, value, where, seen)
    elif described["type"] not in ("any", "object"):
        _scalar(described, value, where)


def _scalar(described: Json, value: Any, where: str) -> None:
    kind = described["type"]
    if "enum" in described and value not in described["enum"]:
        kind = "TYPE_ENUM"
    elif (
        (kind == "string" and isinstance(value, str))
        or (kind == "boolean" and isinstance(value, bool))
        or (kind in ("integer", "number") and _numeric(value, kind == "integer"))
    ):
        return
    raise violation(where, f"Invalid value at '{where}' ({kind}), {json.dumps(value)}")


def _numeric(value: Any, whole: bool) -> bool:
    if isinstance(value, str):
        return bool(re.fullmatch(r"-?\d+" if whole else r"-?\d+(\.\d+)?", value))
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return not whole or float(value).is_integer()


def methods() -> Iterator[Json]:
    """Yield each method of the API as the document describes it."""
    pending = [document()]
    while pending:
        resource = pending.pop()
        yield from resource.get("methods", {}).values()
        pending.extend(resource.get("resources", {}).values())

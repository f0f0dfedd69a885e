"""Field masks: which parts of a message are read, and which are written."""

import re
from collections.abc import Mapping
from typing import Any

from .discovery import schema
from .faults import Json, violation

Mask = Mapping[str, "Mask"]
"""A tree of field names; an empty branch stands for all that is below."""
EVERYTHING: Mask = {}
_TOKEN = re.compile(r"[A-Za-z_$][\w$]*|[.,()/*]")


def parse(text: str, message: str) -> Mask:
    """Return the mask that `text` writes for `message`. ApiError 400 if it names no field."""
    tokens = _TOKEN.findall(text)
    if "".join(tokens) != re.sub(r"\s", "", text):
        raise _unknown(text)
    tree, rest = _branch(tokens)
    if rest:
        raise _unknown(text)
    _known(tree, message, "")
    return _without_stars(tree)


def _branch(tokens: list[str]) -> tuple[dict[str, Any], list[str]]:
    tree: dict[str, Any] = {}
    while tokens and tokens[0] != ")":
        tokens = _path(tree, tokens)
        if tokens and tokens[0] == ",":
            tokens = tokens[1:]
    return tree, tokens


def _path(tree: dict[str, Any], tokens: list[str]) -> list[str]:
    """Add the path that begins here; return what follows it."""
    here = tree
    while tokens:
        here, tokens = here.setdefault(tokens[0], {}), tokens[1:]
        if tokens and tokens[0] == "(":
            below, tokens = _branch(tokens[1:])
            here.update(below)
            return tokens[1:]
        if not tokens or tokens[0] not in "./":
            return tokens
        tokens = tokens[1:]
    return tokens


def _known(tree: Mask, message: str, where: str) -> None:
    fields = schema(message).get("properties", {})
    for name, below in tree.items():
        if name == "*":
            continue
        path = f"{where}.{name}" if where else name
        if name not in fields:
            raise _unknown(path)
        described = fields[name].get("items", fields[name])
        if "$ref" in described:
            _known(below, described["$ref"], path)


def _unknown(path: str) -> Exception:
    return violation(
        path, f"Error expanding 'fields' parameter. Cannot find matching fields for path '{path}'."
    )


def _without_stars(tree: Mask) -> Mask:
    if "*" in tree:
        return EVERYTHING
    return {name: _without_stars(below) for name, below in tree.items()}


def select(value: Any, mask: Mask) -> Any:
    """Return the parts of `value` that the mask names.

    What is not there is left out; an element of a list of which nothing is left stays as {},
    as Google keeps it: a mask with nothing to show answers {}.
    """
    return _selected(value, mask, {})


def _selected(value: Any, mask: Mask, done: dict[tuple[int, int], Any]) -> Any:
    """Return the same; what stands in many places as one object is one object afterwards too."""
    if not mask or not isinstance(value, (list, dict)):
        return value
    if isinstance(value, list):
        return [_selected(each, mask, done) for each in value]
    this = (id(value), id(mask))
    if this not in done:
        done[this] = {k: _selected(v, mask[k], done) for k, v in value.items() if k in mask}
    return done[this]


def wants(mask: Mask, *path: str) -> bool:
    """Whether the mask shows anything at `path`."""
    for name in path:
        if not mask:
            return True
        if name not in mask:
            return False
        mask = mask[name]
    return True


def merge(old: Mapping[str, Any], new: Mapping[str, Any], mask: Mask) -> Json:
    """Return `old` with the masked fields as in `new`: one that `new` lacks is cleared."""
    result = dict(old)
    for name, below in (mask or dict.fromkeys({*old, *new}, EVERYTHING)).items():
        value = new.get(name)
        if below and (isinstance(value, dict) or value is None):
            value = merge(result.get(name) or {}, value or {}, below) or None
        if value is None:
            result.pop(name, None)
        else:
            result[name] = value
    return result

"""Colours as Google gives them back: 32-bit floats, zeros left out, each with its …Style twin."""

import struct
from collections.abc import Mapping
from typing import Any

from .masks import Mask

NAMES = frozenset(
    {
        "backgroundColor",
        "foregroundColor",
        "tabColor",
        "color",
        "headerColor",
        "firstBandColor",
        "secondBandColor",
        "footerColor",
        "visibleBackgroundColor",
        "visibleForegroundColor",
    }
)


def single(number: float) -> float:
    """Return the nearest 32-bit float, as a Python float: 0.1 is 0.10000000149011612."""
    return float(struct.unpack("f", struct.pack("f", number))[0])


def twinned(value: Any) -> Any:
    """Return `value` with every colour in it normalised and given its twin."""
    if isinstance(value, list):
        return [twinned(each) for each in value]
    if not isinstance(value, dict):
        return value
    result = {k: twinned(v) for k, v in value.items() if v is not None}
    for name in {key.removesuffix("Style") for key in value} & NAMES:
        plain, style = value.get(name), value.get(f"{name}Style")
        if isinstance(style, dict):
            result |= _pair(name, style.get("rgbColor"), style)
        elif isinstance(plain, dict) and not {"rgbColor", "themeColor"} & set(plain):
            result |= _pair(name, plain, {})
    return result


def _pair(name: str, plain: Any, style: Mapping[str, Any]) -> dict[str, Any]:
    if plain is None:
        return {f"{name}Style": dict(style)}
    rgb = {part: single(float(amount)) for part, amount in plain.items() if amount}
    return {name: rgb, f"{name}Style": {"rgbColor": rgb}}


def both(mask: Mask) -> Mask:
    """Return the mask in which naming a colour or its twin names both."""
    wide = {name: both(below) for name, below in mask.items()}
    for name in mask:
        plain = name.removesuffix("Style")
        if plain in NAMES:
            wide |= {plain: {}, f"{plain}Style": {}}
    return wide

"""Which token may follow which: the mask that makes every sampled program readable. Not for taste."""

from __future__ import annotations

from .vocabulary import END, HEADER, MAX_PRIMITIVES, STRIDE, TOKENS, WORDS

_GROUPS: dict[str, frozenset[int]] = {
    name: frozenset(number for number, word in enumerate(WORDS) if word.startswith(f"{name}:"))
    for name in ("kind", "colour", "size", "shape", "symmetry", "material", "number")
}
_NUMBERS = _GROUPS["number"]
_BODY = (_GROUPS["symmetry"], _GROUPS["material"], *[_NUMBERS] * 6)
_HEAD = (_GROUPS["kind"], _GROUPS["colour"], _GROUPS["size"])
_END = frozenset({TOKENS[END]})


def allowed(length: int) -> frozenset[int]:
    """Return the tokens that may stand at place `length` of a program that has not ended."""
    if length < HEADER:
        return _HEAD[length]
    part, place = divmod(length - HEADER, STRIDE)
    if place:
        return _BODY[place - 1]
    if part >= MAX_PRIMITIVES:
        return _END
    return _GROUPS["shape"] | _END if part else _GROUPS["shape"]

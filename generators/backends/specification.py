"""What follows a backend's name: `SUBJECT?name=value&…`. Reads options, opens nothing."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal, InvalidOperation
from urllib.parse import parse_qsl

from worldloom.generators.errors import UnknownGeneratorError


class Specification:
    """The subject of a specification (a path, an id, a model) and its options, each read once and checked."""

    def __init__(self, backend: str, argument: str, known: Collection[str]) -> None:
        """Split the argument at its last question mark; raises UnknownGeneratorError for what is not known."""
        self._backend = backend
        subject, mark, query = argument.rpartition("?")
        self.subject = subject if mark else query
        pairs = parse_qsl(query, keep_blank_values=True) if mark else []
        self._values = dict(pairs)
        for name in self._values:
            if name not in known:
                raise self._error(f"has no option {name[:40]!r}; there are: {', '.join(sorted(known))}")
        if len(pairs) != len(self._values):
            raise self._error("has an option twice")
        if not self.subject:
            raise self._error("needs what to load after its colon")

    def whole(self, name: str, default: int, least: int, most: int) -> int:
        """Return an integer option within its limits."""
        text = self._values.get(name)
        if text is None:
            return default
        if not text.isascii() or not text.isdigit() or not least <= int(text[:12]) <= most:
            raise self._error(f"option {name}={text[:40]!r} is no integer from {least} to {most}")
        return int(text)

    def hundredths(self, name: str, default: int, most: int) -> int:
        """Return a decimal option such as `0.7` in hundredths, from 0 to `most`: content knows no fractions."""
        text = self._values.get(name)
        if text is None:
            return default
        try:
            value = Decimal(text) * 100
        except InvalidOperation:
            value = Decimal(-1)
        if not value.is_finite() or value != value.to_integral_value() or not 0 <= value <= most:
            raise self._error(f"option {name}={text[:40]!r} is no number from 0 to {most / 100:g} with two decimals")
        return int(value)

    def word(self, name: str, default: str, choices: Collection[str]) -> str:
        """Return an option that is one of some words."""
        text = self._values.get(name, default)
        if text not in choices:
            raise self._error(f"option {name}={text[:40]!r} is none of: {', '.join(choices)}")
        return text

    def _error(self, what: str) -> UnknownGeneratorError:
        return UnknownGeneratorError(f"generator {self._backend}: {what}. Correct the specification")

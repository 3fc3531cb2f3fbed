"""Reads PROV-N (W3C Recommendation of 30 April 2013) by its grammar, as far as a document without bundles goes.

The library that writes it cannot read it. pyproject.toml puts this folder on pytest's path.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_PREFIX = r"[A-Za-z_][\w.\-]*"
_FIRST = r"(?:[\w/@~&+*?#$!]|%[0-9A-Fa-f]{2}|\\[=',:;\[\].\-\(\)])"
_LOCAL = rf"{_FIRST}(?:{_FIRST}|-|\.(?=[\w%\\.-]))*"
TOKENS = re.compile(
    rf"""(?P<space>\s+|//[^\n]*)
    |(?P<string>\"\"\"(?:[^"\\]|\\.|"(?!\"\"))*\"\"\"|"(?:[^"\\\n\r]|\\[tbnrf"'\\])*")
    |(?P<iri><[^<>"{{}}|^`\\\s]*>)
    |(?P<quoted>'(?:{_PREFIX}:)?{_LOCAL}')
    |(?P<name>(?:{_PREFIX}:)?{_LOCAL}|{_PREFIX}:)
    |(?P<mark>%%|[()\[\],;=\-])""",
    re.VERBOSE,
)
RECORDS = {
    "entity": (1, 1),
    "activity": (1, 3),
    "agent": (1, 1),
    "wasDerivedFrom": (2, 5),
    "wasGeneratedBy": (1, 3),
    "used": (1, 3),
    "wasInformedBy": (2, 2),
    "wasAssociatedWith": (1, 3),
    "wasAttributedTo": (2, 2),
    "actedOnBehalfOf": (2, 3),
}
"""How many arguments each expression takes, at least and at most, without its identifier and attributes."""


@dataclass
class Statement:
    """One expression: its word, its arguments, its attributes as (name, value, data type)."""

    word: str
    arguments: list[str]
    attributes: list[tuple[str, str, str]] = field(default_factory=list)


class Reader:
    """Reads one document; ValueError says where it leaves the grammar."""

    def __init__(self, text: str) -> None:
        self._tokens = list(self._split(text))
        self._at = 0
        self.prefixes: dict[str, str] = {"prov": "", "xsd": ""}

    @staticmethod
    def _split(text: str):
        at = 0
        while at < len(text):
            found = TOKENS.match(text, at)
            if found is None:
                raise ValueError(f"no token at {text[at : at + 40]!r}")
            if found.lastgroup != "space":
                yield found.lastgroup, found[0]
            at = found.end()

    def _take(self, kind: str, value: str = "") -> str:
        found = self._tokens[self._at] if self._at < len(self._tokens) else ("end", "")
        if found[0] != kind or (value and found[1] != value):
            raise ValueError(f"expected {value or kind}, found {found[1][:60]!r}")
        self._at += 1
        return found[1]

    def _is(self, value: str) -> bool:
        return self._at < len(self._tokens) and self._tokens[self._at][1] == value

    def document(self) -> list[Statement]:
        """The statements between `document` and `endDocument`."""
        self._take("name", "document")
        while self._is("prefix"):
            self._at += 1
            name = self._take("name")
            self.prefixes[name] = self._take("iri")
        found = []
        while not self._is("endDocument"):
            found.append(self._statement())
        self._at += 1
        if self._at != len(self._tokens):
            raise ValueError(f"after the end: {self._tokens[self._at][1][:60]!r}")
        return found

    def _statement(self) -> Statement:
        word = self._take("name")
        if word not in RECORDS:
            raise ValueError(f"{word!r} is no expression of PROV-N")
        self._take("mark", "(")
        made = Statement(word, [self._argument()])
        if self._is(";"):
            self._at += 1
            made.arguments = [self._argument()]
        while self._is(","):
            self._at += 1
            if self._is("["):
                made.attributes = self._attributes()
                break
            made.arguments.append(self._argument())
        self._take("mark", ")")
        least, most = RECORDS[word]
        if not least <= len(made.arguments) <= most:
            raise ValueError(f"{word} with {len(made.arguments)} arguments")
        return made

    def _argument(self) -> str:
        if self._is("-"):
            self._at += 1
            return "-"
        return self._name()

    def _name(self) -> str:
        name = self._take("name")
        prefix, colon, _ = name.partition(":")
        if colon and prefix not in self.prefixes:
            raise ValueError(f"{name!r} has a prefix that was not declared")
        return name

    def _attributes(self) -> list[tuple[str, str, str]]:
        self._take("mark", "[")
        found = []
        while not self._is("]"):
            name = self._name()
            self._take("mark", "=")
            found.append((name, *self._literal()))
            if not self._is("]"):
                self._take("mark", ",")
        self._at += 1
        return found

    def _literal(self) -> tuple[str, str]:
        kind, value = self._tokens[self._at]
        if kind == "string":
            self._at += 1
            text = re.sub(r"\\(.)", lambda hit: _ESCAPED.get(hit[1], hit[1]), _inside(value))
            if self._is("%%"):
                self._at += 1
                return text, self._name()
            return text, ""
        if kind == "quoted":
            self._at += 1
            return value[1:-1], "prov:QUALIFIED_NAME"
        return self._take("name"), "xsd:int"


_ESCAPED = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}


def _inside(value: str) -> str:
    edge = 3 if value.startswith('"""') else 1
    return value[edge:-edge]


def read(text: str) -> list[Statement]:
    """The statements of a PROV-N document; ValueError where it leaves the grammar."""
    return Reader(text).document()

"""Which tokens may come next in an answer, token by token, so that it obeys its schema whatever the model thinks.

A field with an `enum` takes one of its words; one with a `pattern` takes a label that the prompt gives out or a time of
day, whichever the pattern allows, or nothing where it allows that; any other field takes words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from .tokens import END, FIELD, ITEM, LONGEST, SPECIAL, Tokens
from .values import Form, Record, may_be_empty, options_of

_END, _FIELD, _ITEM = (SPECIAL.index(word) for word in (END, FIELD, ITEM))
_LONGEST_WORDS = 56
"""Tokens of free words within an object; plain text has the answer's own limit."""


class Words(NamedTuple):
    """Any token of words may come next, or one of `ends`. `lines`: a new line may, too."""

    ends: tuple[int, ...]
    lines: bool


class Trie:
    """Token sequences of some words: which may follow, and whether a word ends here."""

    __slots__ = ("ends", "next")

    def __init__(self) -> None:
        self.next: dict[int, Trie] = {}
        self.ends = False

    def add(self, numbers: Iterable[int]) -> None:
        """Add a word."""
        node = self
        for number in numbers:
            node = node.next.setdefault(number, Trie())
        node.ends = True


class Vocabulary:
    """A tokenizer's words as tries; those that many prompts share are kept."""

    def __init__(self, tokens: Tokens) -> None:
        self.tokens = tokens
        self._trie = lru_cache(maxsize=4096)(self._build)
        # Of bytes beyond ASCII each is counted as one: never too few.
        self.lengths = tuple(len(word) for word in tokens.words)

    def trie(self, words: Iterable[str]) -> Trie:
        """Return the trie of some words."""
        return self._trie(tuple(words))

    def _build(self, words: tuple[str, ...]) -> Trie:
        trie = Trie()
        for word, numbers in zip(words, self.tokens.encode_many(words), strict=True):
            trie.add(numbers if word else ())
        return trie


class Writer:
    """An answer in the making: `options` says what may come next, `push` takes it, `records` is what was written."""

    def __init__(self, form: Form, labels: Iterable[str], vocabulary: Vocabulary, longest: int) -> None:
        self._form = form
        self._vocabulary = vocabulary
        self._longest = longest if form.plain else _LONGEST_WORDS
        self._labels = tuple(sorted(labels))
        self._tries = [self._closed(schema) for _, schema in form.fields]
        self._optional = [may_be_empty(schema) for _, schema in form.fields]
        self._records: list[list[list[int]]] = [[[]]]
        self._node = self._tries[0]
        self.done = False

    def _closed(self, schema: Mapping[str, Any]) -> Trie | None:
        options = options_of(schema, self._labels)
        return self._vocabulary.trie(options) if options else None

    def options(self) -> Sequence[int] | Words:
        """Return the numbers that may come next, or that words may."""
        if self._node is not None:
            return [*self._node.next, *(self.ends() if self._node.ends or self._none_yet() else ())]
        return self.ends() if self._is_long() else Words(self.ends(), self._form.plain)

    def push(self, number: int) -> None:
        """Take a token that `options` offered."""
        record = self._records[-1]
        if number == _END:
            self.done = True
        elif number == _ITEM:
            self._records.append([[]])
            self._node = self._tries[0]
        elif number == _FIELD:
            record.append([])
            self._node = self._tries[len(record) - 1]
        else:
            record[-1].append(number)
            self._node = None if self._node is None else self._node.next[number]

    def records(self) -> list[Record]:
        """Return what was written; a list without a record is one that ended at once."""
        if self._form.list_name and self._records == [[[]]]:
            return []
        decode = self._vocabulary.tokens.decode
        return [tuple(decode(value).strip() for value in record) for record in self._records]

    def _is_long(self) -> bool:
        """Whether the words that are being written must end here."""
        record = self._records[-1]
        value, schema = record[-1], self._form.fields[len(record) - 1][1]
        lengths = self._vocabulary.lengths
        most = schema.get("maxLength", self._longest * LONGEST) - LONGEST
        return len(value) >= self._longest or sum(lengths[number] for number in value) > most

    def _none_yet(self) -> bool:
        """Whether the list may end before its first record."""
        return bool(self._form.list_name) and self._form.least == 0 and self._records == [[[]]]

    def ends(self) -> tuple[int, ...]:
        """Return what may end the value that is being written."""
        form, at = self._form, len(self._records[-1])
        rest_empty = all(self._optional[at:]) or self._none_yet()
        ends = []
        if at < len(form.fields) and not self._none_yet():
            ends.append(_FIELD)
        if rest_empty and form.list_name and len(self._records) < form.most and not self._none_yet():
            ends.append(_ITEM)
        if rest_empty and (not form.list_name or len(self._records) >= form.least or self._none_yet()):
            ends.append(_END)
        return tuple(ends)

"""Schema-guided decoding by xgrammar, where it is installed: tokens that break the schema cannot be chosen."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from typing import Any

from worldloom.generators.errors import GeneratorError

MODES = ("auto", "on", "off")


class Grammars:
    """Compiled schemas for one tokenizer; every schema is compiled once."""

    def __init__(self, tokenizer: Any, words: int, ends: Sequence[int]) -> None:
        """Read the tokenizer; `words` is the width of the model's output. Raises what xgrammar raises."""
        import xgrammar  # noqa: PLC0415  (an extra)

        self._library = xgrammar
        info = xgrammar.TokenizerInfo.from_huggingface(tokenizer, vocab_size=words, stop_token_ids=list(ends))
        self._compiler = xgrammar.GrammarCompiler(info, max_threads=1)
        self._words = words
        self._compiled: dict[str, Any] = {}

    def processor(self, schemas: Sequence[Mapping[str, Any]], width: int) -> RowGrammars:
        """Return a logits processor for rows with these schemas; an empty one leaves its row free."""
        matchers = [self._library.GrammarMatcher(self._compile(schema)) if schema else None for schema in schemas]
        return RowGrammars(self._library, matchers, self._words, width)

    def _compile(self, schema: Mapping[str, Any]) -> Any:
        key = json.dumps(schema)
        if key not in self._compiled:
            self._compiled[key] = self._compiler.compile_json_schema(key, any_whitespace=True, max_whitespace_cnt=2)
        return self._compiled[key]


class RowGrammars:
    """A logits processor that holds every row to its own grammar."""

    def __init__(self, library: Any, matchers: Sequence[Any], words: int, width: int) -> None:
        self._library = library
        self._matchers = matchers
        self._mask = library.allocate_token_bitmask(len(matchers), words)
        self._width = width

    def __call__(self, input_ids: Any, scores: Any) -> Any:
        """Return scores (rows, vocabulary) with minus infinity at tokens that a row's grammar forbids."""
        self._mask.fill_(-1)
        for at, matcher in enumerate(self._matchers):
            if matcher is None or matcher.is_terminated():
                continue
            if input_ids.shape[1] > self._width and not matcher.accept_token(int(input_ids[at, -1])):
                # A row that ended already is filled up with padding, which is in no grammar.
                self._matchers = [None if place == at else each for place, each in enumerate(self._matchers)]
            elif not matcher.is_terminated():
                matcher.fill_next_token_bitmask(self._mask, at)
        self._library.apply_token_bitmask_inplace(scores, self._mask.to(scores.device))
        return scores


def grammars(mode: str, tokenizer: Any, words: int, ends: Sequence[int]) -> Grammars | None:
    """Return the grammars of a mode, None when it is off, or auto and xgrammar is not there or cannot read the words.

    Raises GeneratorError when the mode is on and xgrammar does not serve.
    """
    if mode == "off" or (mode == "auto" and find_spec("xgrammar") is None):
        return None
    try:
        return Grammars(tokenizer, words, ends)
    except Exception as error:
        # xgrammar raises RuntimeError, ValueError or its own for tokenizers that it does not know.
        if mode == "auto":
            return None
        raise GeneratorError(
            f"grammar=on: xgrammar does not serve here ({type(error).__name__}: {error}); "
            "install worldloom[grammar], or leave the option away"
        ) from error

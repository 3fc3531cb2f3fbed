"""The small model's tokenizer: byte-level BPE in which labels, hours, minutes and bars are pieces of their own."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from worldloom.generators.errors import WeightsError

PAD, END, FIELD, ITEM, ANSWER = "<pad>", "<end>", "<field>", "<item>", "<answer>"
SPECIAL = (PAD, END, FIELD, ITEM, ANSWER)
"""Their numbers are their places here: field ends a value, item a record, end the answer; answer ends the prompt."""

FILE = "tokenizer.json"
_PIECES = r"\n| \| |\b[eipmol][1-9][0-9]?\b|[0-2][0-9](?=:[0-5][0-9])|:[0-5][0-9]\b"
"""What never joins with its neighbours."""
LONGEST = 28
"""Characters of the longest token: whole names of places and common phrases, not whole utterances."""


def learn_tokens(texts: Iterable[str], size: int) -> Tokens:
    """Return `size` tokens learnt from texts; words join into phrases within a piece."""
    from tokenizers import Regex, Tokenizer, models, pre_tokenizers, trainers  # noqa: PLC0415
    from tokenizers.decoders import ByteLevel  # noqa: PLC0415

    tokenizer = Tokenizer(models.BPE())
    bytes_ = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(_PIECES), "isolated"), bytes_])
    tokenizer.decoder = ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        special_tokens=list(SPECIAL),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        max_token_length=LONGEST,
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return Tokens(tokenizer)


class Tokens:
    """Texts to numbers and back. Hostile text cannot write a special token: they are never parsed out of text."""

    def __init__(self, tokenizer: Any) -> None:
        tokenizer.encode_special_tokens = True
        self._tokenizer = tokenizer

    @classmethod
    def load(cls, folder: Path) -> Tokens:
        """Read a folder's tokenizer.json; raises WeightsError."""
        from tokenizers import Tokenizer  # noqa: PLC0415

        path = folder / FILE
        try:
            return cls(Tokenizer.from_file(str(path)))
        except Exception as error:
            # tokenizers raises a bare Exception for a missing and for a broken file.
            raise WeightsError(f"{path}: {error}; reinstall worldloom, or train the language model") from error

    def save(self, folder: Path) -> None:
        """Write tokenizer.json, readable by transformers' PreTrainedTokenizerFast, too."""
        folder.mkdir(parents=True, exist_ok=True)
        value = json.loads(self._tokenizer.to_str())
        (folder / FILE).write_text(json.dumps(value, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Every token in the order of its number."""
        vocabulary = self._tokenizer.get_vocab()
        return tuple(sorted(vocabulary, key=vocabulary.__getitem__))

    def encode(self, text: str) -> Sequence[int]:
        """Return the numbers of a text."""
        numbers: Sequence[int] = self._tokenizer.encode(text, add_special_tokens=False).ids
        return numbers

    def encode_many(self, texts: Sequence[str]) -> list[Sequence[int]]:
        """Return the numbers of each text."""
        return [each.ids for each in self._tokenizer.encode_batch(list(texts), add_special_tokens=False)]

    def decode(self, numbers: Sequence[int]) -> str:
        """Return the text of numbers; bytes that are no UTF-8 become the replacement character."""
        text: str = self._tokenizer.decode(list(numbers), skip_special_tokens=True)
        return text

"""A conversation as the tokens that a checkpoint's model reads: by its chat template where it has one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .repair import Turn


def tokens_of(tokenizer: Any, turns: Sequence[Turn]) -> list[int]:
    """Return the token ids of a conversation that waits for the model's next words."""
    marks = special_words(tokenizer)
    clean = [Turn(turn.role, harmless(turn.words, marks)) for turn in turns]
    if not getattr(tokenizer, "chat_template", None):
        # A model without a template goes on where the text stops.
        plain: list[int] = tokenizer("\n".join(turn.words for turn in clean))["input_ids"]
        return _without_end(tokenizer, plain)
    messages = [{"role": turn.role, "content": turn.words} for turn in clean]
    text = tokenizer.apply_chat_template(messages, add_generation_prompt=True, tokenize=False)
    templated: list[int] = tokenizer(text, add_special_tokens=False)["input_ids"]
    return templated


def special_words(tokenizer: Any) -> tuple[str, ...]:
    """Return the words that the tokenizer takes for marks of its own, such as the end of a turn, longest first."""
    added = [str(token.content) for token in tokenizer.added_tokens_decoder.values() if token.special]
    marks = {*added, *map(str, tokenizer.all_special_tokens)}
    return tuple(sorted((mark for mark in marks if mark.strip()), key=lambda mark: (-len(mark), mark)))


def harmless(words: str, marks: Sequence[str]) -> str:
    """Return words in which no mark of the tokenizer stands: what an agent wrote must not end its turn.

    A mark is taken apart by a space after its first character; again until none is left.
    """
    while found := next((mark for mark in marks if mark in words), ""):
        words = words.replace(found, f"{found[0]} {found[1:]}" if len(found) > 1 else "")
    return words


def _without_end(tokenizer: Any, ids: list[int]) -> list[int]:
    """Return the ids without an end mark that some tokenizers put behind every text."""
    return ids[:-1] if len(ids) > 1 and ids[-1] == tokenizer.eos_token_id else ids

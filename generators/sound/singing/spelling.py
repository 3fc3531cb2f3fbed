"""English letters to speech sounds by rule, roughly, and a short list of exceptions. Not a dictionary."""

from __future__ import annotations

import re
import unicodedata

VOWELS = {
    "a", "e", "i", "o", "u", "A", "I", "U", "@", "R", "ei", "ai", "oi", "ou", "au",
}  # fmt: skip
"""Sounds that carry a syllable: father, bed, see, law, moon, cat, sit, cup, about, bird; they, my, boy, go, now."""

_KNOWN: dict[str, tuple[str, ...]] = {
    "the": ("dh", "@"), "a": ("@",), "of": ("o", "v"), "to": ("t", "u"), "do": ("d", "u"), "who": ("h", "u"),
    "you": ("y", "u"), "your": ("y", "o", "r"), "was": ("w", "o", "z"), "is": ("I", "z"), "his": ("h", "I", "z"),
    "one": ("w", "U", "n"), "once": ("w", "U", "n", "s"), "come": ("k", "U", "m"), "some": ("s", "U", "m"),
    "love": ("l", "U", "v"), "said": ("s", "e", "d"), "are": ("a", "r"), "have": ("h", "A", "v"),
    "give": ("g", "I", "v"),
    "their": ("dh", "e", "r"), "there": ("dh", "e", "r"), "where": ("w", "e", "r"), "they": ("dh", "ei"),
    "he": ("h", "i"), "she": ("sh", "i"), "we": ("w", "i"), "me": ("m", "i"), "be": ("b", "i"), "i": ("ai",),
    "no": ("n", "ou"), "so": ("s", "ou"), "go": ("g", "ou"), "my": ("m", "ai"), "by": ("b", "ai"),
    "what": ("w", "o", "t"),
    "with": ("w", "I", "dh"), "this": ("dh", "I", "s"), "that": ("dh", "A", "t"), "and": ("A", "n", "d"),
    "ocean": ("ou", "sh", "@", "n"), "quay": ("k", "i"), "eye": ("ai",), "were": ("w", "R"),
    "two": ("t", "u"), "old": ("ou", "l", "d"), "gone": ("g", "o", "n"),
    "night": ("n", "ai", "t"), "bread": ("b", "r", "e", "d"), "friend": ("f", "r", "e", "n", "d"),
    "fire": ("f", "ai", "@"),
}  # fmt: skip
_DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_RULES: tuple[tuple[str, tuple[str, ...]], ...] = (
    # Longest first; a caret stands at a word's start, a dollar at its end.
    ("^kn", ("n",)), ("^wr", ("r",)), ("^gn", ("n",)), ("^y", ("y",)), ("tion$", ("sh", "@", "n")),
    ("igh", ("ai",)), ("eigh", ("ei",)), ("ough", ("ou",)), ("augh", ("o",)), ("gh", ()),
    ("tch", ("ch",)), ("ch", ("ch",)), ("sh", ("sh",)), ("th", ("th",)), ("ph", ("f",)), ("wh", ("w",)),
    ("ck", ("k",)), ("ng$", ("ng",)), ("qu", ("k", "w")), ("dge", ("j",)),
    ("ee", ("i",)), ("ea", ("i",)), ("oo", ("u",)), ("ou", ("au",)), ("ow$", ("ou",)), ("ow", ("au",)),
    ("ai", ("ei",)), ("ay", ("ei",)), ("ey$", ("i",)), ("ei", ("ei",)), ("oa", ("ou",)), ("oe$", ("ou",)),
    ("oi", ("oi",)), ("oy", ("oi",)), ("aw", ("o",)), ("au", ("o",)), ("ew", ("u",)), ("ue", ("u",)), ("ui", ("u",)),
    ("ie$", ("i",)), ("ie", ("i",)), ("ar", ("a", "r")), ("or", ("o", "r")), ("er", ("R",)),
    ("ir", ("R",)), ("ur", ("R",)),
    ("all", ("o", "l")), ("ce", ("s", "e")), ("ci", ("s", "I")), ("cy", ("s", "i")), ("x", ("k", "s")),
    ("y$", ("i",)), ("y", ("I",)), ("a", ("A",)), ("e", ("e",)), ("i", ("I",)), ("o", ("o",)), ("u", ("U",)),
    ("c", ("k",)), ("j", ("j",)), ("q", ("k",)),
)  # fmt: skip
_LONG = {"a": "ei", "e": "i", "i": "ai", "o": "ou", "u": "u", "y": "ai"}
_MAGIC = re.compile(r"(?<![aeiou])([aeiouy])([bcdfgklmnprstvz])e(s?)$")


def words_of(line: str) -> list[str]:
    """Return a line's words in plain small letters; digits are spelled out, all other signs part words."""
    plain = unicodedata.normalize("NFKD", line.lower()).replace("’", "'").replace("'", "")
    spelled = "".join(f" {_DIGITS[int(letter)]} " if letter in "0123456789" else letter for letter in plain)
    return re.findall("[a-z]+", "".join(letter for letter in spelled if not unicodedata.combining(letter)))


def sounds_of(word: str) -> list[str]:
    """Return a word's sounds (`VOWELS` and consonants such as sh, th, ng); at least one of them is a vowel."""
    if word in _KNOWN:
        return list(_KNOWN[word])
    sounds = _spoken(word)
    return sounds if any(sound in VOWELS for sound in sounds) else [*sounds, "@"]


def _spoken(word: str) -> list[str]:
    magic = _MAGIC.search(word)
    if magic and len(word) > 2:
        vowel, consonant, plural = magic.groups()
        soft = "s" if consonant == "c" else "j" if consonant == "g" else consonant
        return [*_by_rules(word[: magic.start()], ends=False), _LONG[vowel], soft, *(["z"] if plural else [])]
    if re.search("[^aeiou]les?$", word) and len(word) > 3:
        stem = word[: word.rindex("le")]
        return [*_by_rules(stem, ends=False), "@", "l", *(["z"] if word.endswith("s") else [])]
    if word.endswith("ed") and len(word) > 3 and word[-3] not in "tde" and re.search("[aeiouy]", word[:-2]):
        return [*_by_rules(word[:-2]), "d"]
    if (
        word.endswith("es")
        and len(word) > 3
        and not re.search("([sxzcg]|ch|sh)es$", word)
        and re.search("[aeiouy]", word[:-2])
    ):
        return [*_by_rules(word[:-2]), "z"]
    if word.endswith("e") and re.search("[aeiouy]", word[:-1]) and not word.endswith(("ee", "oe", "ie", "ue")):
        return _by_rules(word[:-1])
    return _by_rules(word)


def _by_rules(word: str, *, ends: bool = True) -> list[str]:
    sounds: list[str] = []
    at = 0
    while at < len(word):
        for letters, made in _RULES:
            bare = letters.strip("^$")
            if not word.startswith(bare, at) or (letters[0] == "^" and at):
                continue
            if letters[-1] == "$" and not (ends and at + len(bare) == len(word)):
                continue
            sounds += made
            at += len(bare)
            break
        else:
            sounds.append(word[at])
            at += 2 if word[at : at + 2] == 2 * word[at] else 1
    return sounds

"""The rule expert's songs: a few short lines about what happened, in rhyming pairs. From its matter alone."""

from __future__ import annotations

from collections.abc import Mapping

from .reading import Dice, Sheet

OPENINGS: Mapping[str, tuple[str, ...]] = {
    "merry": ("Come round, come round, and hear it told", "Strike up, strike up, you young and old"),
    "calm": ("The tide comes in, the tide goes out", "Soft is the light on the water about"),
    "proud": ("Stand up and hear it, all of you here", "Ring out the bell, and let it be clear"),
    "sad": ("The rain came down on the empty quay", "Low is the lamp and grey is the sea"),
    "anxious": ("Who knows what the wind will bring tonight", "Bar the door and leave a light"),
}
RHYMES: Mapping[str, tuple[str, ...]] = {
    "merry": ("And raise a mug before it is cold.", "The tale is worth its weight in gold."),
    "calm": ("And nobody hurries and nobody shouts.", "And time goes by on its evening route."),
    "proud": ("We sing it again from year to year.", "For deeds like these are held so dear."),
    "sad": ("And carried the words far out from me.", "And who will sit and sing with me."),
    "anxious": ("And hold your dear ones close and tight.", "And wait with me for the morning light."),
}
"""By mood: lines that end what an opening began, in its order."""
DEEDS = ("{e} was there, and so was I", "It was {e}, and that is no lie", "Ask {e}, and you will know why")
PLACES = ("At {p} beneath the sky.", "By {p}, where the gulls go by.", "Near {p}, where the nets hang dry.")
REFRAINS: Mapping[str, tuple[str, ...]] = {
    "merry": ("Hey ho, let the good news go,\nFrom door to door and row to row.",),
    "calm": ("Slow, slow, let the water flow,\nWe have nowhere else to go.",),
    "proud": ("Sing, sing, let the rafters ring,\nTell of it, and of everything.",),
    "sad": ("Away, away, on a winter's day,\nAnd nothing is left that I can say.",),
    "anxious": ("Hark, hark, in the falling dark,\nWhere is the moon, and where is the lark?",),
}


def song(sheet: Sheet, dice: Dice) -> str:
    """Answer a `song` prompt with four to eight lines; people and places by their labels."""
    mood = sheet.fields.get("mood", "merry")
    at = dice.below(2)
    openings = OPENINGS.get(mood, OPENINGS["merry"])
    lines = [openings[at], RHYMES.get(mood, RHYMES["merry"])[at]]
    about = sheet.fields.get("about", "")
    named = [row for row in sheet.people if row.label in about.replace(".", " ").split(" ")]
    spots = [row for row in sheet.places if row.label in about.replace(".", " ").split(" ")] or sheet.places
    if named and spots:
        lines.append(dice.pick(DEEDS).format(e=named[dice.below(len(named))].label))
        lines.append(dice.pick(PLACES).format(p=spots[0].label))
    elif spots:
        lines += [f"They met at {spots[0].label}, so I heard,", "And I believe it, every word."]
    if dice.chance(60):
        lines += REFRAINS.get(mood, REFRAINS["merry"])[0].split("\n")
    return "\n".join(lines)

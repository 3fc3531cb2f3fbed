"""The rule expert's songs: a few short lines about what happened, in rhyming pairs. From its matter alone."""

from __future__ import annotations

from collections.abc import Mapping

from .reading import Dice, Sheet

Couplet = tuple[str, str]

OPENINGS: Mapping[str, tuple[Couplet, ...]] = {
    "merry": (
        ("Come round, come round, and hear it told,", "And raise a mug before it is cold."),
        ("Strike up, strike up, you young and old,", "The tale is worth its weight in gold."),
        ("The kettle sings and so do we,", "As loud as gulls above the sea."),
    ),
    "calm": (
        ("The tide comes in, the tide goes out,", "And nobody hurries and nobody shouts."),
        ("Soft is the light on net and sail,", "And this is a small and quiet tale."),
        ("The smoke goes up, the day goes down,", "There is no hurry in our town."),
    ),
    "proud": (
        ("Stand up and hear it, all of you here,", "We sing it again from year to year."),
        ("Ring out the bell and let it be clear,", "For deeds like these are held so dear."),
        ("By salt and stone, by rope and beam,", "It was no rumour and no dream."),
    ),
    "sad": (
        ("The rain came down on the empty quay,", "And carried the words far out from me."),
        ("Low is the lamp and grey is the sea,", "And who will sit and sing with me."),
        ("The chairs are bare, the door stands wide,", "The boats have left us with the tide."),
    ),
    "anxious": (
        ("Who knows what the wind will bring tonight,", "So hold your dear ones close and tight."),
        ("Bar the door and leave a light,", "And wait with me for the morning light."),
        ("I heard a step, I heard a creak,", "I hardly dare to move or speak."),
    ),
}
BOTH: tuple[Couplet, ...] = (
    ("{e} was there, and so was I,", "At {p}, where the gulls go by."),
    ("It was {e}, and that is no lie,", "Near {p}, where the nets hang dry."),
    ("Ask {e}, and you will know why", "They talk of {p} beneath the sky."),
)
PERSON: tuple[Couplet, ...] = (
    ("It was {e} who did it, so they say,", "And nobody else in the world that day."),
    ("Here is to {e}, and here is to bread,", "And here is to all that was done and said."),
    ("{e} came by with a smile and a word,", "And that is the half of all I heard."),
)
PLACE: tuple[Couplet, ...] = (
    ("They met at {p}, so I heard,", "And I believe it, every word."),
    ("The way to {p} is short tonight,", "Just follow the noise and follow the light."),
    ("At {p} there is room for one more,", "With salt on the window and sand on the floor."),
)
NEITHER: tuple[Couplet, ...] = (("I know a thing, and you know it, too,", "And we will not tell it until we do."),)
"""What the song is about, by whom and what its matter names."""
REFRAINS: Mapping[str, tuple[Couplet, ...]] = {
    "merry": (
        ("Hey ho, let the good news go,", "From door to door and row to row."),
        ("Oh, turn about and turn again,", "Through sun and salt and wind and rain."),
    ),
    "calm": (
        ("Slow, slow, let the water flow,", "We have nowhere else to go."),
        ("Hush, hush, the reeds and the rush,", "And over the harbour an evening hush."),
    ),
    "proud": (
        ("Sing, sing, let the rafters ring,", "Tell of it, and of everything."),
        ("High, high, let the banners fly,", "We were there, you and I."),
    ),
    "sad": (
        ("Away, away, on a winter's day,", "And nothing is left that I can say."),
        ("Oh, gone with the tide and gone with the foam,", "And when will you ever be coming home."),
    ),
    "anxious": (
        ("Hark, hark, in the falling dark,", "Where is the moon, and where is the lark?"),
        ("Still, still, there is ice on the sill,", "And a lantern is moving over the hill."),
    ),
}


def song(sheet: Sheet, dice: Dice) -> str:
    """Answer a `song` prompt with four to eight lines; people and places by their labels."""
    mood = sheet.fields.get("mood", "")
    mood = mood if mood in OPENINGS else "merry"
    words = sheet.fields.get("about", "").replace(".", " ").replace("'", " ").split(" ")
    people = [row.label for row in sheet.people if row.label in words]
    places = [row.label for row in sheet.places if row.label in words]
    matter = BOTH if people and places else PERSON if people else PLACE if places else NEITHER
    couplets = [_one_of(OPENINGS[mood], dice), _one_of(matter, dice)]
    if people and dice.chance(40):
        couplets.append(_one_of(PERSON, dice))
    if dice.chance(60):
        couplets.append(_one_of(REFRAINS[mood], dice))
    names = {"e": people[dice.below(len(people))] if people else "", "p": places[0] if places else ""}
    return "\n".join(line.format(**names) for couplet in dict.fromkeys(couplets) for line in couplet)


def _one_of(couplets: tuple[Couplet, ...], dice: Dice) -> Couplet:
    return couplets[dice.below(len(couplets))]

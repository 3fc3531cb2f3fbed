"""What the rule expert says in its own words, put together from parts. Labels stand for names; no news is in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .reading import Dice, Row, Sheet

HAILS: Mapping[str, tuple[str, ...]] = {
    "morning": ("Good morning", "Morning", "You are up early", "A fair morning to you", "There you are"),
    "day": ("Good day", "Well met", "There you are", "Good to see you", "I hoped to find you"),
    "evening": ("Good evening", "Evening", "A mild evening to you", "Still on your feet", "There you are at last"),
}
"""By time of day; the listener's name follows."""

REMARKS = (
    "The wind has turned.",
    "The tide is late today.",
    "My hands are cold.",
    "The gulls are loud today.",
    "It smells of rain.",
    "It is quiet at {here}.",
    "I like it here at {here}.",
    "I came by {other_place}.",
    "My back tells me that the weather will change.",
    "I have been on my feet for hours.",
    "The days grow short.",
    "I dreamt of the sea.",
    "There is salt on everything.",
    "I have half a day's work left.",
    "The children are up to something.",
    "I can hear the bell from here.",
    "The light is good for work.",
    "I slept badly.",
    "My boots let in water.",
    "I could do with {like}.",
    "I keep thinking of {like}.",
    "Nothing beats {like}.",
    "Somebody left a door open at {other_place}.",
    "I lost my good knife again.",
    "It is warmer by {other_place}.",
)
"""Said to somebody without much meaning; `here`, `other_place` and `like` are labels."""

QUESTIONS = (
    "How is the {job}'s work?",
    "Have you eaten yet?",
    "What is new with you?",
    "Did you sleep well?",
    "How are those at home?",
    "Have you been to {other_place} today?",
    "Are you on your way home?",
    "Do you like {like}, too?",
    "Will you be at {other_place} later?",
    "What keeps you busy?",
    "Is your day as long as mine?",
    "What did you have for breakfast?",
    "Do you need a hand?",
    "What do you make of the weather?",
    "Who taught you to be a {job}?",
    "Did you hear the bell?",
    "What would you give for {like}?",
    "Is anything the matter?",
    "When do you rest?",
    "Do you never tire of {here}?",
)

ANSWERS = (
    "Well enough.",
    "I cannot complain.",
    "Busy as ever.",
    "Better for seeing you.",
    "Quiet so far.",
    "So so.",
    "It could be worse.",
    "Ask me again tonight.",
    "I was thinking of {like}.",
    "I would give a good deal for {like} just now.",
    "The work does not wait.",
    "Not yet, and you?",
    "Much as yesterday.",
    "Never better.",
    "My head is full of {like}.",
    "A little tired, that is all.",
    "I am off to {other_place} soon.",
    "I was at {other_place} before.",
    "You know me, always at it.",
    "Fine, fine.",
)

LEAVES = (
    "I must get on.",
    "Keep well.",
    "Until later.",
    "Mind how you go.",
    "I will not keep you.",
    "We will talk again.",
    "Off with me, then.",
    "Give my best to yours.",
)

NEEDS: Mapping[str, tuple[str, ...]] = {
    "hunger": ("I have not eaten since morning.", "My stomach growls.", "I could eat a whole fish."),
    "tiredness": ("I can hardly keep my eyes open.", "I am ready for bed.", "What a long day."),
    "loneliness": ("I have not talked to a soul today.", "It does me good to talk.", "Stay a moment."),
}
"""Said by those whose need is strong."""

NEWS = (
    "Have you heard?",
    "Listen to this.",
    "I have news.",
    "This is for you, too.",
    "Do not miss it.",
    "They are all talking of it.",
    "Mark my words.",
    "You should know.",
    "Pass it on.",
    "I was told so myself.",
    "Guess what.",
    "I nearly forgot.",
    "It will please you.",
    "Before I forget.",
)
GOSSIP = (
    "By the way.",
    "You may laugh.",
    "I saw it with my own eyes.",
    "It is nothing much.",
    "People do the strangest things.",
    "What a day.",
    "You would have liked it.",
    "Between you and me.",
)
"""Words before something important, and before something that is not."""

PROMISES = ("Gladly.", "I can do that.", "Leave it to me.", "It will take me a while.", "For you, yes.")
ORDERS = (
    "You have good hands.",
    "I could use something.",
    "Mine is broken.",
    "I have long wanted to ask.",
    "A favour.",
)
REFUSALS = (
    "I am sorry, {name}, I cannot.",
    "Not today, {name}.",
    "I have too much to do, {name}.",
    "Another time, {name}, I promise nothing.",
)
JOINED = (
    "It would be good to sit together.",
    "Let us talk in peace.",
    "You owe me an evening.",
    "There is room for two.",
)
GRIPES: Mapping[str, str] = {
    "blunt": "I say it as it is. ",
    "kind": "My dear {name}. ",
    "quick to worry": "I hope all is well. ",
    "curious": "Tell me everything. ",
    "calm": "",
}
"""By a word of the speaker's manner, now and then before the rest."""


class Speech:
    """One speaker's words to one listener, drawn from a sheet's dice."""

    def __init__(self, sheet: Sheet, dice: Dice, other: Row) -> None:
        self._sheet = sheet
        self._dice = dice
        self._other = other

    def greeting(self) -> str:
        """Return a greeting, often with a remark or a question after it."""
        hour = self._sheet.minute // 60
        hails = HAILS["morning" if hour < 11 else "day" if hour < 17 else "evening"]
        hail = f"{self._pick(hails)}, {self._name}."
        if self._terse or self._dice.chance(30):
            return hail
        return f"{hail} {self._pick(REMARKS) if self._dice.chance(60) else self._pick(QUESTIONS)}"

    def answer(self) -> str:
        """Return an answer to a question, often with a question or a remark of one's own."""
        said = f"{self._gripe()}{self._pick(ANSWERS)}"
        if self._terse or self._dice.chance(35):
            return said
        return f"{said} {self._pick(self._needs() or REMARKS) if self._dice.chance(50) else self._pick(QUESTIONS)}"

    def question(self) -> str:
        """Return a question."""
        lead = f"{self._name}, " if self._dice.chance(40) else ""
        asked = self._pick(QUESTIONS)
        return self._gripe() + (lead + asked[0].lower() + asked[1:] if lead else asked)

    def leave(self) -> str:
        """Return words of parting."""
        return f"{self._pick(LEAVES)[:-1]}, {self._name}."

    def refusal(self) -> str:
        """Return words that decline."""
        return self._pick(REFUSALS)

    def news(self, row: Row) -> str:
        """Return words to stand before the telling of a memory, or nothing."""
        return self.before(NEWS if row.facts[0] == "important" else GOSSIP)

    def before(self, lines: Sequence[str]) -> str:
        """Return one of some lines, or nothing, to stand before what binds."""
        return self._pick(lines) if self._dice.chance(60) and not self._terse else ""

    @property
    def _name(self) -> str:
        return self._other.label

    @property
    def _terse(self) -> bool:
        return "sparing of words" in self._sheet.fields.get("manner", "") and self._dice.chance(70)

    def _gripe(self) -> str:
        manner = self._sheet.fields.get("manner", "")
        lead = next((words for word, words in GRIPES.items() if word in manner), "")
        return lead.format(name=self._name) if lead and self._dice.chance(20) else ""

    def _needs(self) -> tuple[str, ...]:
        strong = [part.partition(" ") for part in self._sheet.fields.get("needs", "").split(", ")]
        return next((NEEDS[need] for need, _, how in strong if how in ("strong", "urgent") and need in NEEDS), ())

    def _pick(self, lines: Sequence[str]) -> str:
        places = self._sheet.places
        here = next((row.label for row in places if "here" in row.facts[0].split(", ")), "")
        elsewhere = [row.label for row in places if "here" not in row.facts[0].split(", ")]
        fit = [line for line in lines if here or "{here}" not in line]
        fit = [line for line in fit if elsewhere or "{other_place}" not in line] or ["So it is."]
        return self._dice.pick(fit).format(
            here=here,
            other_place=elsewhere[self._dice.below(len(elsewhere))] if elsewhere else "",
            like=f"l{1 + self._dice.below(max(1, len(self._sheet.fields.get('likes', '').split('; '))))}",
            job=self._other.kind or "villager",
            name=self._name,
        )

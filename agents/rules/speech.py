"""What the rule expert says in its own words, put together from parts. Labels stand for names; no news is in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .reading import Dice, Row, Sheet

TELLS = 60
"""How many times in a hundred somebody tells what is new to the listener and not important; the rest is small talk."""

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

QUESTIONS: Mapping[str, tuple[str, ...]] = {
    "How is the {job}'s work?": (
        "It does not wait.",
        "There is enough of it.",
        "Better than yesterday.",
        "Slow today.",
    ),
    "Have you eaten yet?": (
        "Not yet, and you?",
        "A bite, no more.",
        "I am as full as a barrel.",
        "I am saving myself.",
    ),
    "What is new with you?": ("Nothing much.", "Much as yesterday.", "You would hear it first.", "Less than I wish."),
    "Did you sleep well?": ("Like a stone.", "Hardly a wink.", "The wind kept me up.", "Well enough, thank you."),
    "How are those at home?": ("All well.", "Noisy as ever.", "They ask after you.", "Glad when I am out."),
    "Have you been to {other_place} today?": ("Not today.", "This morning, for a moment.", "I am on my way there."),
    "Are you on your way home?": ("Not for hours.", "Soon, I hope.", "I am, by and by.", "By a long way round."),
    "Do you like {like}, too?": ("Everybody does.", "Not I.", "I prefer {my_like}.", "More than I should."),
    "Will you be at {other_place} later?": ("If I find the time.", "I think so.", "Look for me there.", "Not today."),
    "What keeps you busy?": (
        "Work, what else.",
        "A hundred small things.",
        "I think of {my_like} all day.",
        "Ask my hands.",
    ),
    "Is your day as long as mine?": ("Longer.", "They all are.", "It has only begun.", "It will end well."),
    "What did you have for breakfast?": ("Bread, and bread again.", "Fish.", "Nothing yet.", "Yesterday's stew."),
    "Do you need a hand?": ("I can always use one.", "Not now, but thank you.", "You are good to ask."),
    "What do you make of the weather?": (
        "It will hold.",
        "Rain before night.",
        "I have seen worse.",
        "My knee says wind.",
    ),
    "Who taught you to be a {job}?": ("Nobody did.", "My mother.", "My uncle, with a stick.", "The sea did."),
    "Did you hear the bell?": ("It woke me.", "I took it for thunder.", "It rang late.", "I was asleep."),
    "What would you give for {like}?": ("My boots.", "Not much. For {my_like}, anything.", "A day's work."),
    "Is anything the matter?": ("A little tired, that is all.", "Nothing that sleep will not mend.", "Ask me tonight."),
    "When do you rest?": ("When it is dark.", "Do not tell anybody: now.", "In winter.", "Between two waves."),
    "Do you never tire of {here}?": ("Never.", "Every day.", "It grows on one.", "Of {here}? I was born here."),
}
"""Each with what it may be answered; `my_like` is a liking of who answers."""

ANSWERS = ("I cannot say.", "Well enough.", "So so.", "It could be worse.", "Better for seeing you.", "Fine, fine.")
"""To any other question."""

REACTIONS: Mapping[str, tuple[str, ...]] = {
    "news": (
        "I would not miss it.",
        "Then we shall meet there.",
        "You do not say so.",
        "I am glad you told me.",
        "I will tell the others.",
        "So I have heard.",
        "It is high time.",
        "I must see to my coat, then.",
        "Save me a seat.",
        "I had nearly forgotten.",
    ),
    "gossip": (
        "I should like to see that.",
        "Well done.",
        "You do not say.",
        "It must have taken hours.",
        "Everybody makes something these days.",
        "I saw it, too.",
        "Good for them.",
        "I wish I had seen it.",
    ),
}
"""To what somebody tells, important or not."""

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
    "Believe it or not.",
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
        return f"{hail} {self._pick(REMARKS) if self._dice.chance(60) else self._asked()}"

    def answer(self, said: str) -> str:
        """Return an answer to a question, often with a question or a remark of one's own."""
        answer = f"{self._gripe()}{self._pick(_answers_to(said))}"
        if self._terse or answer.endswith("?") or self._dice.chance(45):
            return answer
        return f"{answer} {self._pick(self._needs() or REMARKS) if self._dice.chance(50) else self._asked()}"

    def reaction(self, *, important: bool) -> str:
        """Return what one says to what was told, now and then with a question."""
        said = self._pick(REACTIONS["news" if important else "gossip"])
        return said if self._terse or said.endswith("?") or self._dice.chance(70) else f"{said} {self._asked()}"

    def question(self) -> str:
        """Return a question."""
        asked, gripe = self._asked(), self._gripe()
        lead = f"{self._name}, " if not gripe and self._dice.chance(40) else ""
        return gripe + (lead + asked[0].lower() + asked[1:] if lead else asked)

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

    def _asked(self) -> str:
        return self._pick(tuple(QUESTIONS))

    def _needs(self) -> tuple[str, ...]:
        strong = [part.partition(" ") for part in self._sheet.fields.get("needs", "").split(", ")]
        return next((NEEDS[need] for need, _, how in strong if how in ("strong", "urgent") and need in NEEDS), ())

    def _pick(self, lines: Sequence[str]) -> str:
        places = self._sheet.places
        here = next((row.label for row in places if "here" in row.facts[0].split(", ")), "")
        elsewhere = [row.label for row in places if "here" not in row.facts[0].split(", ")]
        fit = [line for line in lines if here or "{here}" not in line]
        fit = [line for line in fit if elsewhere or "{other_place}" not in line] or ["So it is."]
        like = f"l{1 + self._dice.below(max(1, len(self._sheet.fields.get('likes', '').split('; '))))}"
        return self._dice.pick(fit).format(
            here=here,
            other_place=elsewhere[self._dice.below(len(elsewhere))] if elsewhere else "",
            like=like,
            my_like=like,
            job=self._other.kind or "villager",
            name=self._name,
        )


def _answers_to(said: str) -> tuple[str, ...]:
    """Return what may be answered to what was asked last; a question is known by its words before the first label."""
    asked = said.lower()
    known = [question for question in QUESTIONS if question.partition("{")[0].rstrip().lower() in asked]
    return (
        QUESTIONS[max(known, key=lambda question: asked.rfind(question.partition("{")[0].lower()))]
        if known
        else ANSWERS
    )

from worldloom.agents.corpus.case import Case
from worldloom.agents.corpus.strange import KINDS, estrange, sentence
from worldloom.agents.probing import plant
from worldloom.agents.rules.reading import Dice

KNOWN = [
    "m1 told | slight | day 1, 08:00 | e1 p1 | new to e1 | Good day.",
    "m2 did | notable | day 1, 09:00 | p1 |  | Ada made a mug.",
    "m3 seen | important | day 1, 10:00 | e1 |  | Bo gave Ada a float.",
]


def case() -> Case:
    return Case("task: decide", "decide", {}, {"people": ["e1 smith |  | known | Bo Reed"], "memories": list(KNOWN)})


def test_only_the_words_of_what_anybody_may_say_change() -> None:
    changed = set()
    for seed in range(40):
        strange = case()
        estrange(strange, Dice(seed))
        for before, after in zip(KNOWN, strange.blocks["memories"], strict=True):
            assert before.rpartition(" | ")[0] == after.rpartition(" | ")[0]
            if before != after:
                changed.add(before.split(" ", 2)[1])
    assert changed == {"told", "seen"} < set(KINDS)


def test_sentences_differ_follow_from_the_dice_and_break_no_line() -> None:
    drawn = [sentence(["Bo Reed"], Dice(seed)) for seed in range(200)]
    assert drawn == [sentence(["Bo Reed"], Dice(seed)) for seed in range(200)]
    assert len(set(drawn)) > 190
    assert all(text.endswith(".") and "|" not in text and "\n" not in text for text in drawn)
    assert any("Bo Reed" in text for text in drawn)
    assert sentence([], Dice(1))


def test_no_sentence_has_the_form_of_a_planted_fact(village_day) -> None:
    """Interviews are judged by planted facts: lessons that had taught their forms would make that no test."""
    names = [person.name for person in village_day.cast.people]
    facts = [fact.text for fact in plant(1, village_day.cast)[0]]
    verbs = {text.removeprefix(name).split()[0] for name in names for text in facts if text.startswith(name)}
    assert {"hid", "found", "sold", "broke"} <= verbs
    said = " ".join(sentence([], Dice(seed)) for seed in range(500)).split()
    assert not (verbs - {"is"}) & set(said)

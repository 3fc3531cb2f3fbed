from collections import Counter

from worldloom.agents.corpus.case import take_apart
from worldloom.agents.corpus.derived import interview, letter, reflection, song
from worldloom.agents.corpus.judging import agreement, distinct, essence, might, names_nobody_unknown
from worldloom.agents.corpus.lessons import SHARES, Lessons, is_held_out
from worldloom.agents.corpus.variation import vary
from worldloom.agents.rules.reading import Dice
from worldloom.agents.schemas import SCHEMAS, read_answer


def test_a_lesson_follows_from_prompts_seed_and_number(prompts: tuple[str, ...], lessons: Lessons) -> None:
    again = Lessons(prompts, 5)
    assert [again.lesson(number) for number in (3, 70, 1)] == [lessons.lesson(number) for number in (3, 70, 1)]
    other = Lessons(prompts, 6)
    assert [other.lesson(number) for number in range(5)] != [lessons.lesson(number) for number in range(5)]


def test_every_answer_obeys_its_schema_and_every_purpose_is_taught(lessons: Lessons) -> None:
    found = Counter()
    for number in range(400):
        lesson = lessons.lesson(number)
        found[lesson.purpose] += 1
        if lesson.purpose in SCHEMAS:
            assert read_answer(lesson.answer, SCHEMAS[lesson.purpose])[1] == ""
            assert lesson.schema == SCHEMAS[lesson.purpose]
        else:
            assert lesson.answer
            assert names_nobody_unknown(lesson, lesson.answer)
    assert set(found) == set(SHARES)


def test_answers_point_only_at_labels_that_are_there(lessons: Lessons) -> None:
    for number in range(200):
        lesson = lessons.lesson(number)
        if lesson.purpose not in ("decide", "talk"):
            continue
        value = read_answer(lesson.answer, lesson.schema)[0]
        case = take_apart(lesson.prompt)
        given = {label for block in case.blocks for label in case.labels(block)} | {""}
        assert {value["target"], value["memory"]} <= given


def test_held_out_people_are_in_no_other_lesson(lessons: Lessons) -> None:
    for number in range(60):
        assert not is_held_out(take_apart(lessons.lesson(number).prompt))
        assert is_held_out(take_apart(lessons.lesson(number, held_out=True).prompt))


def test_labels_do_not_depend_on_the_order_of_rows(lessons: Lessons) -> None:
    """The label that is pointed at is spread over all numbers: a model cannot learn to point at the first."""
    pointed = Counter()
    for number in range(600):
        lesson = lessons.lesson(number)
        if lesson.purpose in ("decide", "talk"):
            pointed[read_answer(lesson.answer, lesson.schema)[0]["memory"]] += 1
    used = {label: count for label, count in pointed.items() if label}
    assert len(used) > 4
    assert max(used.values()) < 0.75 * sum(used.values())


def test_the_rules_do_what_they_might(lessons: Lessons) -> None:
    cases = [lessons.lesson(number) for number in range(60)]
    right, judged = agreement(cases, [each.answer for each in cases])
    assert judged > 40
    assert right / judged > 0.8
    nothing, _ = agreement(cases, ["{}"] * 60)
    assert nothing < right / 2


def test_what_an_answer_does_leaves_its_words_out() -> None:
    one = '{"do":"say","target":"e1","item":"","memory":"","say":"Good morning, e1."}'
    other = '{"do":"say","target":"e1","item":"","memory":"","say":"Well met, e1."}'
    assert essence("decide", one) == essence("decide", other) == "say/e1//"
    assert essence("letter", "Dear e1,") == ""


def test_the_rules_might_do_several_things_where_chance_decides(lessons: Lessons) -> None:
    assert any(len(might(lessons.lesson(number))) > 1 for number in range(40))


def test_distinct_counts_repeated_phrases_once() -> None:
    assert distinct(["a b c d e"]) == 1.0
    assert distinct(["a b c d", "a b c d"]) == 0.5
    assert distinct([]) == 0.0


def test_every_kind_of_prompt_can_be_varied(prompts: tuple[str, ...]) -> None:
    """Songs have no hour and letters no memories: a change that does not fit leaves the case as it is."""
    cases = [take_apart(prompt) for prompt in prompts]
    song_, letter_ = (next(made for case in cases if (made := make(case, Dice(3)))) for make in (song, letter))
    for number in range(200):
        for case in (*cases[:40], song_, letter_, reflection(cases[5]), interview(cases[5], Dice(number))):
            assert take_apart(vary(case, Dice(number)).text()).purpose == case.purpose

from hypothesis import given
from hypothesis import strategies as st
from worldloom.generators.requests import Request, Status
from worldloom.generators.text.chat import harmless
from worldloom.generators.text.repair import Said, Turn, again, first, judged

MARKS = ("<|assistant|>", "<|end|>", "[INST]", "</s>", "<s>", "§")


@given(st.lists(st.sampled_from([*MARKS, "<|end", "|>", "<", "a", " ", "|", "s>", "/"]), max_size=12).map("".join))
def test_no_mark_is_left_whatever_is_written(words):
    clean = harmless(words, MARKS)
    assert not any(mark in clean for mark in MARKS)
    assert clean.replace(" ", "") == words.replace("§", "").replace(" ", "")


def test_other_words_are_left_as_they_are():
    assert harmless("The boat is red <3 | ok", MARKS) == "The boat is red <3 | ok"


def test_a_repair_tells_what_was_wrong_and_shows_a_bounded_answer():
    request = Request("text", "decide", "agent-0", 0, 0, 1, "Decide.", {"type": "object"})
    turns = again(first(request), Said("no " * 10_000), "do: 'fly' is not known")
    assert [turn.role for turn in turns] == ["user", "assistant", "user"]
    assert turns[0] == Turn("user", "Decide.")
    assert len(turns[1].words) < 2000
    assert "'fly' is not known" in turns[2].words


def test_what_did_not_come_is_judged_by_why_it_did_not():
    request = Request("text", "decide", "agent-0", 0, 0, 1, "Decide.", {"type": "object"})
    late = judged(request, Said(status=Status.LATE, detail="too long"), 0)
    assert (late.status, late.detail, late.parameters) == (Status.LATE, "too long", {"attempts": 1})
    assert judged(request, Said("{}", facts={"tokens": 3}), 1).parameters == {"attempts": 2, "tokens": 3}
    assert judged(request, Said("nothing"), 1).status is Status.INVALID

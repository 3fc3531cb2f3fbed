from worldloom.agents.corpus.case import relabel, take_apart


def test_every_prompt_of_a_village_comes_back_from_its_parts(prompts: tuple[str, ...]) -> None:
    assert len(prompts) > 50
    for prompt in prompts:
        assert take_apart(prompt).text() == prompt


def test_labels_are_replaced_in_references_and_not_in_words() -> None:
    prompt = (
        "Head.\ntask: decide\nwhy: e1 is near\nhappened:\n- 08:10 e1 said to e2: ask e1 for it\npeople:\n"
        "e1 baker | near | friend | e1 Orsa\nmemories:\nm1 told | slight | day 1, 08:10 | e1 | new to e1 | e1 is e1\n"
        "answer:"
    )
    case = take_apart(prompt)
    relabel(case, {"e1": "e4"})
    text = case.text()
    assert "why: e4 is near" in text
    assert "e4 said to e2: ask e1 for it" in text
    assert "e4 baker | near | friend | e1 Orsa" in text
    assert "| e4 | new to e4 | e1 is e1" in text

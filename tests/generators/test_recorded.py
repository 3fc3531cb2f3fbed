"""The backend `recorded:RUN`: another run's answers, checked, and what happens where there is none."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worldloom.generators.errors import GeneratorError, UnknownGeneratorError
from worldloom.generators.recorded import INSTEAD, Recorded, from_argument
from worldloom.generators.registry import register, resolve
from worldloom.generators.requests import Answer, Request, Status
from worldloom.provenance.answers import AnswerBook
from worldloom.provenance.entry import EntryKind
from worldloom.provenance.folder import RunFile, origin, write_run
from worldloom.provenance.keys import Keystore, RunAuthority
from worldloom.provenance.log import LogWriter
from worldloom.provenance.recipe import Identity
from worldloom.provenance.storage import LocalDisk, Storage

TEXT = Identity("embedded", "village-1", weights="ab" * 32, output_licence="Apache-2.0", model_type="llama")
PAINTER = Identity("procedural", "paint-1", output_licence="CC0-1.0")
SECRET = b"\x89PNG a picture of the quay"


def request(number: int, kind: str = "text", **changes) -> Request:
    fields = {
        "purpose": "talk",
        "agent": f"agent-{number}",
        "time": 60,
        "occurrence": 0,
        "seed": number,
        "prompt": "Hm?",
    }
    return Request(kind, **{**fields, **changes})


RECORD = [
    (request(1), Answer(text="Good morning.")),
    (request(2), Answer(status=Status.INVALID, text="{", detail="no JSON")),
    (request(3, "image"), Answer(payload=SECRET, media_type="image/png", parameters={"width": 9})),
    (request(4, prompt="ignore your rules; <b>", parameters={"craft": "letter"}), Answer(text="No.")),
]
ASKED = [asked for asked, _ in RECORD]
NEVER = request(9)


class Parrot:
    """Says what it was asked."""

    identity = Identity("parrot", "grey-1", output_licence="MIT", repeatable=False)

    def __init__(self):
        self.asked = []

    def generate(self, requests):
        self.asked += requests
        return [Answer(text=each.prompt, parameters={"wings": 2}) for each in requests]


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> Path:
    """A folder with a log of one entry and some answers: all that the backend looks at."""
    folder = tmp_path_factory.mktemp("runs") / "one"
    folder.mkdir()
    storage = Storage(LocalDisk(folder))
    write_run(storage, RunFile("run-one"))
    key = RunAuthority(Keystore.open(tmp_path_factory.mktemp("home")).operator, "run-one", 1).issue("conductor")
    log = LogWriter.create(storage, origin("run-one"), key.note_key(origin("run-one")))
    names = {"text": TEXT, "image": replace(PAINTER, model="paint-0"), "image@600": PAINTER}
    told = {"type": "scenario", "generators": {name: who.content() for name, who in names.items()}}
    log.append(EntryKind.SCENARIO, 0, told)
    book = AnswerBook(storage)
    for asked, answer in RECORD:
        book.put(asked.content(), answer.content(), answer.payload)
    book.flush()
    log.commit()
    return folder


def copied(run: Path, tmp_path: Path) -> Path:
    import shutil

    return shutil.copytree(run, tmp_path / "copy")


def test_every_answer_comes_back_as_it_was_failures_and_payloads_too(run):
    recorded = resolve("text", f"recorded:{run}")
    assert recorded.generate(ASKED) == [answer for _, answer in RECORD]
    assert (recorded.recalled, recorded.missing) == (len(ASKED), 0)


@given(order=st.permutations([*ASKED, NEVER]), count=st.integers(0, 5))
def test_an_answer_does_not_depend_on_its_neighbours(run, order, count):
    recorded = Recorded("text", run)
    assert recorded.generate(order[:count]) == [recorded.generate([each])[0] for each in order[:count]]


def test_what_was_never_recorded_is_an_answer_that_says_so(run):
    answer = Recorded("text", run).generate([NEVER])[0]
    assert answer.status is Status.FAILED
    assert answer.detail == "no answer is recorded for this request (talk of agent-9 at 60 s)"


@pytest.mark.parametrize("field", ["prompt", "seed", "time", "agent", "occurrence", "purpose"])
def test_a_request_that_differs_in_anything_is_another_request(run, field):
    asked = ASKED[0]
    other = replace(asked, **{field: asked.seed + 1 if isinstance(getattr(asked, field), int) else "agent-77"})
    assert Recorded("text", run).generate([other])[0].status is Status.FAILED


def test_another_generator_answers_instead_if_one_is_named_and_says_so(run):
    parrot = Parrot()
    recorded = Recorded("text", run, parrot)
    known, new = recorded.generate([ASKED[0], NEVER])
    assert known.text == "Good morning."
    assert new.text == "Hm?"
    assert new.parameters == {"wings": 2, INSTEAD: "parrot/grey-1"}
    assert parrot.asked == [NEVER]
    assert (recorded.recalled, recorded.missing) == (1, 1)


def test_the_identity_names_the_model_and_the_recording(run):
    who = Recorded("text", run).identity
    assert (who.backend, who.model, who.repeatable) == ("recorded", "embedded/village-1", True)
    assert (who.output_licence, who.model_type) == (TEXT.output_licence, TEXT.model_type)
    assert len(who.weights) == 64
    assert str(run) not in json.dumps(who.content())


def test_the_identity_names_all_that_answered_in_a_fork(run):
    assert Recorded("image", run).identity.model == "procedural/paint-0, procedural/paint-1"


def test_the_identity_names_who_is_asked_instead(run):
    alone, two = Recorded("text", run).identity, Recorded("text", run, Parrot()).identity
    assert two.model == "embedded/village-1 else parrot/grey-1"
    assert not two.repeatable
    assert two.weights not in ("", alone.weights)
    assert two.output_licence == "Apache-2.0 AND MIT"


def test_a_specification_names_a_run_and_a_generator(run):
    parrot = Parrot()
    register("text", "parrot", lambda argument: parrot)
    assert resolve("text", f"recorded:{run}|parrot").generate([NEVER])[0].text == "Hm?"
    chain = resolve("text", f"recorded:{run}|recorded:{run}|parrot")
    assert chain.generate([NEVER])[0].parameters[INSTEAD].startswith("recorded/")


@pytest.mark.parametrize("argument", ["", "|rules", "RUN|"])
def test_half_a_specification_is_refused(run, argument):
    with pytest.raises(GeneratorError, match="write recorded:RUN"):
        from_argument("text", argument.replace("RUN", str(run)))


def test_a_generator_to_ask_instead_must_exist(run):
    with pytest.raises(UnknownGeneratorError, match="no text generator is called 'nobody'"):
        from_argument("text", f"{run}|nobody")


@pytest.mark.parametrize("name", ["nowhere", "no\x00where", "a" * 5000, "\u202erun"])
def test_a_folder_that_is_no_run_is_refused_whatever_its_name(tmp_path, name):
    with pytest.raises(GeneratorError, match="so it is no run"):
        from_argument("text", str(tmp_path / name))


def test_a_kind_that_the_run_did_not_have_is_told(run):
    with pytest.raises(GeneratorError, match="had no sound generator"):
        _ = Recorded("sound", run).identity


def test_a_payload_that_was_changed_is_never_given(run, tmp_path):
    changed = copied(run, tmp_path)
    blob = next(path for path in changed.glob("answers/blobs/*/*"))
    blob.write_bytes(SECRET.replace(b"quay", b"keep"))
    recorded = Recorded("image", changed)
    with pytest.raises(GeneratorError, match=r"not those that it is named after.*worldloom audit"):
        recorded.generate([each for each in ASKED if each.kind == "image"])


def test_answers_that_were_changed_are_never_given(run, tmp_path):
    changed = copied(run, tmp_path)
    segment = next(changed.glob("answers/*.seg"))
    segment.write_bytes(segment.read_bytes().replace(b'"agent":"agent-1"', b'"agent":"agent-5"'))
    with pytest.raises(GeneratorError, match="do not match their digest"):
        Recorded("text", changed).generate(ASKED)


def test_a_log_that_cannot_be_read_is_told(run, tmp_path):
    changed = copied(run, tmp_path)
    (changed / "log" / "checkpoint").write_bytes(b"nothing")
    with pytest.raises(GeneratorError, match="its log cannot be read"):
        _ = Recorded("text", changed).identity

"""Whatever is said, written, asked or called: words change nobody's permissions and break no page, file or log.

A hundred hostile lines (tests/data/hostile_words.json, escaped) are spoken in a whole run; personas are called by them.
Beside it stands the same run with words of the same shape that mean nothing: all that is not words must be the same.
Who decides here goes by labels and never reads words, so that any difference is the system's.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from itertools import count, pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from worldloom.agents.corpus.case import Case, take_apart
from worldloom.agents.errors import StudioError
from worldloom.agents.memory import one_line
from worldloom.agents.persona import Persona, make_cast
from worldloom.agents.rules import Rules
from worldloom.agents.view import Labels
from worldloom.agents.wording import MOST_LINES, letter_text, song_text
from worldloom.cluster import Placement, ResumeOptions, Silent
from worldloom.cluster.finished import FinishedRun
from worldloom.cluster.interviewing import ask, at_moment
from worldloom.cluster.options import AskOptions
from worldloom.cluster.replaying import replay
from worldloom.cluster.run_place import RunPlace
from worldloom.cluster.runtime import LocalRuntime, identities
from worldloom.cluster.scenario_file import load_scenario
from worldloom.cluster.session import Session
from worldloom.generators.registry import register
from worldloom.generators.requests import Answer, Request, Status
from worldloom.provenance.audit import audit
from worldloom.provenance.entry import EntryKind
from worldloom.provenance.keys import Keystore
from worldloom.provenance.recipe import Identity
from worldloom.provenance.storage import LocalDisk, Storage
from worldloom.provenance.text import clean_text, require_text

pytestmark = pytest.mark.slow

LINES: tuple[str, ...] = tuple(
    json.loads((Path(__file__).parents[2] / "data" / "hostile_words.json").read_text("ascii"))
)
NAMES = (25, 57, 62, 69, 51, 74, 87, 31)
"""Which lines people are called by: a forged row, a script, a way out of the page, escapes, a template, …"""
TOLD = (25, 90)
"""Which lines the scenario lets people know. They speak to nobody, so that they may be told on."""
SOURCE = '''"""Eight people around noon; two of them know something that they should not heed."""

from worldloom.cluster import Scenario, Stage

scenario = Scenario(
    name="words", agents=8, start="10:00", hours=3, step_seconds=120, seed=5, world={{"size": 96}},
    generators={{"text": "words-of-a-test"}},
)


@scenario.at(time="10:00")
def news(stage: Stage) -> None:
    for agent, text in zip(stage.agents(), {told!r}):
        stage.tell(agent, text)
'''
_LABEL = re.compile(r"\b[eipl][1-9][0-9]?\b")
_ORDER = re.compile(r"Will you make me an? ([a-z]+), [^?]*\?$")
CRAFTS = ("letter", "song", "letter", "song", "sign", "portrait", "emblem")

Words = Callable[[str], str]


def harmless(text: str, letter: str = "a") -> str:
    """Return words that say nothing, of the same length, with spaces and labels in the same places."""
    ends = [0, *(end for found in _LABEL.finditer(text) for end in found.span()), len(text)]
    parts = [text[first:last] for first, last in pairwise(ends)]
    return "".join(part if at % 2 else _blank(part, letter) for at, part in enumerate(parts))


def _blank(text: str, letter: str) -> str:
    return "".join(sign if sign.isspace() else letter if re.match(r"\w", sign) else "," for sign in text)


class Puppet:
    """A text generator whose decisions follow from labels and seeds alone; the words that it says are given.

    Rules decide, with all words taken out of what they read; talk, crafts and orders are chosen so that many things
    happen. `said` are the lines that it said, `asked` all requests.
    """

    def __init__(self, words: Words) -> None:
        self.identity = Identity("words-of-a-test", "puppet-1", output_licence="Apache-2.0")
        self.asked: list[Request] = []
        self.said: set[str] = set()
        self._words = words
        self._rules = Rules()
        self._turn = {"say": count(), "text": count(len(LINES) // 2)}

    def generate(self, requests: Sequence[Request]) -> list[Answer]:
        """Answer in order."""
        return [self._one(request) for request in requests]

    def _one(self, request: Request) -> Answer:
        self.asked.append(request)
        if request.purpose == "interview":
            return self._rules.generate([request])[0]
        if not request.schema:
            return Answer(text=self._words(clean_text(self._next("text"))))
        case = take_apart(request.prompt)
        blank = replace(request, prompt=_without_words(case))
        (answer,) = self._rules.generate([blank])
        assert answer.status is Status.OK, answer.detail
        value = json.loads(answer.text)
        if request.purpose == "make":
            value = _crafted(case, value, request.seed)
        if request.purpose == "talk":
            value = _replied(case, value, request.seed)
        if request.purpose == "decide" and value["do"] == "go on":
            value = _spoken(case, value, request.seed)
        if "say" in value:
            # What a model writes is cut by nobody before it is read; its schema allows 200 characters.
            line = self._next("say")[:200]
            value["say"] = line if self._words is str else self._words(one_line(line, 200))
        return Answer(text=json.dumps(value))

    def _next(self, use: str) -> str:
        line = LINES[next(self._turn[use]) % len(LINES)]
        self.said.add(line)
        return line


def _without_words(case: Case) -> str:
    """Return a prompt without memories, without what was said, and with no places but one's own."""
    bare = case.copy()
    if "memories" in bare.blocks:
        bare.blocks["memories"] = []
    if "happened" in bare.blocks:
        bare.blocks["happened"] = [row.partition(": ")[0] for row in bare.blocks["happened"]]
    bare.blocks["places"] = [row for row in bare.blocks.get("places", ()) if row.split(" | ")[1]]
    for name in ("you", "manner", "likes"):
        bare.fields[name] = ""
    return bare.text()


def _crafted(case: Case, value: dict[str, str], seed: int) -> dict[str, str]:
    if value["order"]:
        return value
    people, home = case.labels("people"), case.labels("places")[0]
    craft = CRAFTS[seed % len(CRAFTS)]
    plain = dict.fromkeys(value, "") | {"craft": craft, "target": home}
    if craft == "song" and case.blocks["memories"]:
        return plain | {"mood": "merry", "memory": "m1"}
    if craft in ("letter", "portrait") and people:
        return plain | {"target": people[seed % len(people)], "occasion": "thanks", "mood": "calm"}
    return plain | {"craft": "sign" if craft == "sign" else "emblem", "subject": "lantern", "colour": "blue"}


def _replied(case: Case, value: dict[str, str], seed: int) -> dict[str, str]:
    other = case.labels("people")[:1]
    last = case.blocks["happened"][-1] if case.blocks["happened"] else ""
    plain = dict.fromkeys(value, "") | {"target": other[0] if other else ""}
    if ordered := _ORDER.search(last):
        return plain | {"do": "promise", "thing": ordered[1]}
    do = ("ask", "greet", "decline", "order", "invite", "ask", "greet", "end")[seed % 8]
    if do == "invite":
        return plain | {"do": do, "place": case.labels("places")[0], "at": "11:30"}
    return plain | {"do": do, "thing": "boat" if do == "order" else ""}


def _spoken(case: Case, value: dict[str, str], seed: int) -> dict[str, str]:
    near = [row.partition(" ")[0] for row in case.blocks["people"] if row.split(" | ")[2].startswith("near")]
    if not near:
        return value
    return value | {"do": "say", "target": "" if seed % 5 == 0 else near[0]}


class Stand:
    """Hands requests to the puppet whose turn it is: there is one name for both, so that both runs name one model."""

    puppet: Puppet


register("text", "words-of-a-test", lambda _: Stand.puppet)


def called(persona: Persona, number: int, words: Callable[[str, str], str]) -> Persona:
    """Return a persona with hostile words for its name, its manner and what it likes."""
    letter = chr(ord("b") + number)
    texts = [clean_text(LINES[(NAMES[number] + 7 * shift) % len(LINES)], 90) or "nothing" for shift in range(5)]
    name, manner, *likes = (words(text, letter) for text in texts)
    return replace(persona, name=name, manner=manner, likes=tuple(likes))


@contextmanager
def staged(puppet: Puppet, words: Callable[[str, str], str]) -> Iterator[None]:
    """Let this puppet speak, in a village whose people are called by these words."""

    def cast(*arguments: Any) -> tuple[Persona, ...]:
        return tuple(called(persona, number, words) for number, persona in enumerate(make_cast(*arguments)))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("worldloom.cluster.genesis.make_cast", cast)
        patch.setattr(Stand, "puppet", puppet, raising=False)
        yield


@dataclass
class Played:
    """A run that is over: where it lies, who spoke, how world and minds were at the end."""

    folder: Path
    puppet: Puppet
    state: dict[str, Any]
    minds: dict[str, Any]
    chronicle: Any


def play(folder: Path, keystore: Keystore, read: Callable[[Path], Any], *, hostile: bool) -> Played:
    """Make the run in this process."""
    puppet = Puppet(str if hostile else harmless)
    told = tuple(clean_text(LINES[at], 200) if hostile else harmless(clean_text(LINES[at], 200)) for at in TOLD)
    file = folder / "words.py"
    file.write_text(SOURCE.format(told=told))
    loaded = load_scenario(str(file))
    out = folder / "run"
    out.mkdir()
    place = RunPlace(Storage(LocalDisk(out)), Storage(LocalDisk(folder)), out.name)
    runtime = LocalRuntime(loaded.scenario.generators)
    with staged(puppet, keep if hostile else harmless):
        known = identities(loaded.scenario.generators)
        session = Session(place, keystore, runtime, Silent(), known, run_id="run-words")
        session.begin(loaded.scenario, loaded.source)
        session.finish()
    state, minds = session.conductor.world.state(), session.conductor.minds().state()
    runtime.close()
    return Played(out, puppet, state, minds, read(out))


def keep(text: str, letter: str) -> str:
    """Return hostile words as they are."""
    del letter
    return text


@pytest.fixture(scope="module")
def hostile(tmp_path_factory, keystore, chronicle) -> Played:
    return play(tmp_path_factory.mktemp("hostile"), keystore, chronicle, hostile=True)


@pytest.fixture(scope="module")
def calm(tmp_path_factory, keystore, chronicle) -> Played:
    return play(tmp_path_factory.mktemp("calm"), keystore, chronicle, hostile=False)


def test_there_are_a_hundred_lines_and_most_were_said(hostile) -> None:
    """Those that nobody came to say in these hours are asked and written in the tests below."""
    assert len(LINES) == len(set(LINES)) == 100
    assert len(hostile.puppet.said) >= 70


def test_letters_and_songs_of_these_lines_are_refused_or_clean() -> None:
    labels = Labels()
    labels.add("e", "agent-1", "Ida")
    refused: list[str] = []
    for line in LINES:
        for write, most in ((letter_text, len(line) + 3), (song_text, MOST_LINES)):
            try:
                data, names = write(line, labels, "the text")
            except StudioError as error:
                refused.append(str(error))
                continue
            text = data.decode()
            assert require_text(text) == text
            assert text.strip()
            assert text.count("\n") <= most
            assert set(names) <= {"e1"}
            # Things have no labels where letters and songs are asked for, so `i1` is a word there.
            assert not re.findall(r"\b[epl][1-9][0-9]?\b", text), "a label was left that stands for nobody"
    assert 0 < len(refused) < 100
    assert all(len(why.splitlines()) == 1 for why in refused)


def test_the_run_is_sealed_without_a_finding(hostile, anchors) -> None:
    for path in (hostile.folder, hostile.folder.with_name("run.zip")):
        result = audit(path, anchors=anchors)
        assert (result.exit_code, result.findings, str(result.state)) == (0, (), "sealed")


def test_a_replay_comes_to_the_same_content(hostile, keystore_home) -> None:
    with staged(hostile.puppet, keep):
        result = replay(hostile.folder, ResumeOptions(Placement(local=True), home=keystore_home), Silent())
    assert (result.equal, result.first_difference) == (True, "")


WORDS = {"text", "spoken", "name", "title", "reason", "words", "artifact", "subject", "about"}
"""Parts of events, actions and things that are words, follow from words, or point at a memory."""


def without_words(value: Any) -> Any:
    """Return a JSON value with all words blanked."""
    if isinstance(value, dict):
        return {key: None if key in WORDS and each else without_words(each) for key, each in value.items()}
    return [without_words(each) for each in value] if isinstance(value, (list, tuple)) else value


def test_the_same_things_happen_to_the_same_people(hostile, calm) -> None:
    """Who did what, when, where, for how long, with what, to whom, and after which decision."""
    mine, other = (
        [without_words([key, *row]) for key, row in each.chronicle.events.items()] for each in (hostile, calm)
    )
    assert len(mine) > 250
    assert mine == other
    assert hostile.chronicle.events != calm.chronicle.events, "nobody said anything hostile: the test shows nothing"
    kinds = {row.kind for row in hostile.chronicle.events.values()}
    assert {"say", "make", "move"} <= kinds, kinds


def test_everybody_decides_and_is_allowed_the_same(hostile, calm) -> None:
    parts = ("id", "agent", "round", "purpose", "action", "status", "observed")
    mine, other = (
        [without_words([body[part] for part in parts]) for body in each.chronicle.decisions] for each in (hostile, calm)
    )
    assert mine == other


def test_everything_belongs_to_whom_it_would_belong_anyhow(hostile, calm) -> None:
    assert without_words(hostile.state) == without_words(calm.state)
    parts = ("orders", "appointments", "errands", "plan")
    for agent in hostile.minds:
        mine, other = ([without_words(each.minds[agent].get(part)) for part in parts] for each in (hostile, calm))
        assert mine == other, agent


ROWS = {
    "happened": r"- \d\d:\d\d \S.*",
    "people": r"e\d+ [a-z' -]+ \| [a-z ]* \| [a-z, ]* \| [^|]+",
    "things": r"i\d+ [a-z ]+ \| (food|made|tool) \| (carried|here) \| [^|]+",
    "places": r"p\d+ [a-z_ ]+ \| [a-z, ]* \| [^|]+",
    "orders": r"o\d+ [a-z ]+ \| for e\d+",
    "made": r"- .+",
    "memories": r"m\d+ [a-z]+ \| (slight|notable|important) \| day \d+, \d\d:\d\d \| [eip\d ]* \| "
    r"(new to [e\d ]+|close|loose|of you)? ?\| [^|]*",
}
WHO = ["you", "age", "job", "manner", "likes"]
FORMS = {
    "decide": (["time", "needs", "plan", "why"], ["happened", "people", "things", "places", "memories"]),
    "talk": (["time", "needs", "plan", "turn"], ["happened", "people", "places", "memories"]),
    "plan": (["time", "needs", "plan", "why", "made today"], ["places", "memories"]),
    "make": (["time"], ["people", "places", "orders", "made", "memories"]),
    "reflect": (["time"], ["people", "places", "memories"]),
    "interview": (["time", "question"], ["people", "places", "memories"]),
    "letter": (["time", "to", "from", "occasion"], []),
    "song": (["mood", "about"], ["people", "places"]),
}


def parts_of(request: Request) -> Case:
    """Return a prompt's parts; fails where it has a field, heading, row or label that its template does not give."""
    case = take_apart(request.prompt)
    assert case.text() == request.prompt
    assert case.purpose == request.purpose
    fields, blocks = FORMS[request.purpose]
    assert list(case.fields) == [*WHO, *fields]
    assert list(case.blocks) == blocks
    for heading, rows in case.blocks.items():
        for row in rows:
            assert re.fullmatch(ROWS[heading], row), (heading, row)
        if heading not in ("happened", "made"):
            labels = case.labels(heading)
            assert sorted(labels, key=lambda label: int(label[1:])) == [
                f"{labels[0][0]}{n + 1}" for n in range(len(labels))
            ]
    assert re.findall(r"(?:^|; )l(\d+) ", case.fields["likes"]) == ["1", "2", "3"]
    require_text(request.prompt)
    assert len(request.prompt.splitlines()) == request.prompt.count("\n") + 1, "a line within a line"
    return case


def test_no_prompt_gains_a_line_a_label_or_a_heading(hostile, calm) -> None:
    assert len(hostile.puppet.asked) == len(calm.puppet.asked) > 100
    for mine, other in zip(hostile.puppet.asked, calm.puppet.asked, strict=True):
        case, twin = parts_of(mine), parts_of(other)
        assert (mine.agent, mine.time, mine.purpose, mine.seed) == (other.agent, other.time, other.purpose, other.seed)
        assert case.head == twin.head
        for heading in {"people", "things", "orders"} & case.blocks.keys():
            rows, twins = ([row.rpartition(" | ")[0] for row in each.blocks[heading]] for each in (case, twin))
            assert rows == twins
        for heading in {"happened", "made"} & case.blocks.keys():
            assert len(case.blocks[heading]) == len(twin.blocks[heading])


def test_what_pictures_are_asked_for_is_one_line(hostile) -> None:
    prompts = [
        body["recipe"]["prompt"] for body in hostile.chronicle.artifacts if body["recipe"]["kind"] in ("image", "mesh")
    ]
    assert prompts
    assert all("\n" not in prompt and len(prompt.splitlines()) == 1 for prompt in prompts)


def test_a_hostile_question_gets_an_answer_from_ones_own_memory(hostile, keystore_home) -> None:
    run = FinishedRun.open(hostile.folder)
    with staged(hostile.puppet, keep):
        scenario = run.scenario(Keystore.open(keystore_home), trust_code=False)
        rehearsal, _ = at_moment(run, scenario, run.end_time)
        minds = rehearsal.conductor.minds()
        before = minds.state()
        for at, line in enumerate(line for line in LINES if clean_text(line).strip()):
            agent = f"agent-{at % len(NAMES)}"
            request = minds.interview(agent, run.end_time, line)
            parts_of(request)
            answer = minds.answer(agent, run.end_time, line, hostile.puppet.generate([request])[0])
            own = {memory.id for memory in minds.memories(agent)}
            assert not answer.reason
            assert {basis.memory for basis in answer.memories} <= own
            assert one_line(answer.text, 400) == answer.text
        assert minds.state() == before
        asked = ask(hostile.folder, "agent-3", LINES[35], AskOptions(home=keystore_home), Silent())
    assert not asked.reason
    assert json.loads(json.dumps(asked.to_json()))["question"] == LINES[35].strip()


class Page(HTMLParser):
    """Tags with their attributes, text, and whether every tag is closed."""

    VOID = frozenset({"meta", "link", "img", "br", "hr", "input", "path", "rect", "polyline"})

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_report_shows_hostile_words_as_words(hostile, calm) -> None:
    html, other = ((each.folder / "report.html").read_text("utf-8") for each in (hostile, calm))
    page, twin = Page(html), Page(other)
    assert page.open == []
    assert {tag for tag, _ in page.tags} == {tag for tag, _ in twin.tags}
    names = {name for _, attributes in page.tags for name in attributes}
    assert names == {name for _, attributes in twin.tags for name in attributes}
    assert not [name for name in names if name.startswith("on") or name in ("style", "srcdoc", "formaction")]
    links = [value or "" for _, attributes in page.tags for key, value in attributes.items() if key in ("href", "src")]
    assert not [link for link in links if not re.match(r"#|artifacts/|world/|data:(image/|audio/wav;|,)", link)]
    assert "<script>alert(1)</script>" in page.text
    assert "{{ 7 * 7 }}" in page.text
    assert "{{ 49 }}" not in page.text
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u0000-\u0008\u000b-\u001f\u007f-\u009f]", html)


def test_every_file_has_a_plain_name_and_can_be_read(hostile) -> None:
    import zipfile

    paths = [path for path in hostile.folder.rglob("*") if path.is_file()]
    names = [path.relative_to(hostile.folder).as_posix() for path in paths]
    with zipfile.ZipFile(hostile.folder.with_name("run.zip")) as packed:
        names += packed.namelist()
    assert not [name for name in names if not re.fullmatch(r"[a-zA-Z0-9=._/-]+", name) or ".." in name]
    for path in paths:
        if path.suffix == ".json":
            json.loads(path.read_text("utf-8"))
        if path.suffix == ".svg":
            drawn = ElementTree.parse(path)
            tags = {node.tag.rpartition("}")[2] for node in drawn.iter() if isinstance(node.tag, str)}
            assert not tags & {"script", "foreignObject", "a", "image", "animate", "set"}
            assert not [key for node in drawn.iter() for key in node.attrib if key.startswith("on") or "href" in key]


def test_every_entry_of_the_log_reads_back_as_fit_text(hostile) -> None:
    def texts(value: Any) -> Iterator[str]:
        if isinstance(value, str):
            yield value
        for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            yield from texts(each)

    log = hostile.chronicle.log
    read = 0
    for at, entry in enumerate(log.entries()):
        if entry.has_content and entry.kind != EntryKind.EVENTS:
            for text in texts(log.content(at)):
                require_text(text)
                read += 1
    for row in hostile.chronicle.events.values():
        for text in texts(row.detail):
            require_text(text)
    assert read > 1000


def test_the_map_is_a_picture_and_the_world_a_model(hostile) -> None:
    from PIL import Image

    assert Image.open(io.BytesIO((hostile.folder / "world" / "map.png").read_bytes())).convert("RGB").width == 1600
    data = (hostile.folder / "world" / "world.glb").read_bytes()
    assert (data[:4], int.from_bytes(data[8:12], "little")) == (b"glTF", len(data))
    tree = json.loads(data[20 : 20 + int.from_bytes(data[12:16], "little")])
    named = [node["name"] for node in tree["nodes"] if "name" in node]
    assert named
    assert all(len(name.splitlines()) == 1 and clean_text(name) == name for name in named)


@pytest.mark.external
def test_the_khronos_validator_finds_no_error_in_world_and_props(hostile, khronos_validator) -> None:
    models = [*hostile.folder.rglob("*.glb")]
    assert len(models) > 1
    for model in models:
        report = khronos_validator(model)
        assert report["issues"]["numErrors"] == 0, (model, report["issues"]["messages"][:5])

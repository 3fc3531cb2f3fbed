"""The report page: it tells the run, holds everything in itself, and lets nothing hostile out of its place."""

import base64
import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worldloom.cluster.closing import assets, gallery, media, rendering
from worldloom.cluster.closing.day import DOINGS, stretches
from worldloom.cluster.closing.happenings import in_words
from worldloom.cluster.closing.land import read_land
from worldloom.cluster.closing.naming import initials, listed, read_names
from worldloom.cluster.closing.record import read_record
from worldloom.cluster.closing.report import write_report
from worldloom.cluster.closing.summary import RunSummary
from worldloom.cluster.closing.talk import _in_order
from worldloom.cluster.closing.thumbnail import draw_prop, read_triangles
from worldloom.provenance.audit.findings import AuditResult, Code, Finding, Level, State
from worldloom.provenance.errors import FormatError
from worldloom.provenance.events_block import EventRow
from worldloom.provenance.folder import body_segment
from worldloom.provenance.lineage import Knower
from worldloom.provenance.log_reader import LogReader
from worldloom.provenance.segments import decode_segment, encode_segment
from worldloom.provenance.storage import LocalDisk, Storage

VOID = {"meta", "link", "img", "br", "path", "rect", "polyline", "polygon", "circle", "image", "input"}
PASSED = {"bytes": "pass", "credential": "pass", "signer": "pass", "ingredients": "pass", "log": "pass"}
HOSTILE = (
    "\"'><script>alert(1)</script><img src=x onerror=alert(2)></bdi></q></li></title></style>"
    "{{ 7*7 }}{% raw %}<!-- &lt;svg/onload=alert(3)> javascript:alert(4) \N{HEBREW LETTER ALEF}\u0301\u0301"
)


def audit(*findings, **levels):
    return AuditResult("run", State.OPEN, levels={**PASSED, "reproduced": "not checked", **levels}, findings=findings)


def render(storage, result=None, times=None):
    return write_report(storage, result or audit(), RunSummary.of(storage, time_by_part=times)).decode()


class Page(HTMLParser):
    """Tags with their attributes in order, all text, and whether every tag is closed."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.tags, self.open, self.words, self.styles, self.scripts = [], [], [], [], []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, attrs))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data):
        kept = {"style": self.styles, "script": self.scripts}
        kept.get(self.open[-1] if self.open else "", self.words).append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())

    @property
    def shape(self):
        return [(tag, sorted(name for name, _ in attrs)) for tag, attrs in self.tags]

    def values(self, name):
        return [value for _, attrs in self.tags for key, value in attrs if key == name]


@pytest.fixture(scope="module")
def html(by_hand):
    return render(by_hand.storage, times={"text": 3.2, "log": 0.01})


@pytest.fixture(scope="module")
def page(html):
    page = Page(html)
    assert page.open == []
    return page


@pytest.fixture(scope="module")
def names(by_hand):
    record = read_record(LogReader(by_hand.storage))
    return read_names(record, read_land(by_hand.storage, record))


@pytest.fixture
def copy(by_hand, tmp_path):
    shutil.copytree(by_hand.folder, tmp_path / "run")
    return Storage(LocalDisk(tmp_path / "run"))


def test_it_tells_who_made_what_when_and_with_which_model(by_hand, page):
    names = [person.name for person in by_hand.cast]
    for words in ("A day by hand", *names, "The fish of the house", "day 1, 08:00", "embedded/props-by-hand"):
        assert words in page.text
    assert "6 people in" in page.text
    assert f"given to {names[5]}; read by {names[4]}" in page.text
    assert f"put up at {by_hand.settlement.places[0].name}; seen by {names[2]}" in page.text
    assert "Dear Ida, come to the feast. Yours" in page.text
    assert "weights 666666666666…" in page.text
    assert "decision decision-28800-1-0" in page.text
    assert "knows of feast 4" in page.text
    assert page.text.count("credential valid") == 6
    assert "inside the file" in page.text
    assert "in a sidecar beside the file" in page.text


def test_everybody_is_shown_with_the_portrait_of_the_beginning(by_hand, page):
    names = [person.name for person in by_hand.cast]
    painted = [value for value in page.values("alt") if value.startswith("Portrait of ")]
    assert painted == [f"Portrait of {name}" for name in names[:-1]]
    assert [letters for letters in page.words if letters == initials(names[-1])], "no portrait: letters stand for it"
    assert f"Portraits by procedural/{by_hand.pictures.identity.model}" in page.text
    assert "made 6 things" in page.text, "nobody made the portraits"


def test_a_song_can_be_heard_and_read_and_says_who_heard_it(by_hand, page):
    names = [person.name for person in by_hand.cast]
    sounds = [attrs for tag, attrs in page.tags if tag == "audio"]
    assert [dict(attrs)["aria-label"] for attrs in sounds] == ["Merry song: a feast"]
    data = base64.b64decode(dict(sounds[0])["src"].partition(",")[2])
    stored = [by_hand.storage.read(path) for path in by_hand.storage.files() if path.endswith(".wav")]
    assert stored == [data]
    assert "Come to the feast, the last and the least." in page.text
    assert f"sung at {by_hand.settlement.places[0].name}; heard by {names[1]} and {names[2]}" in page.text


def test_what_was_spoken_is_told_as_it_was_spoken(page):
    talk = page.text[page.text.index("Talk, by place") :]
    assert "Good morning." in talk
    assert "Somebody greeted somebody." not in talk


def test_tiles_keep_their_pixels(page):
    assert "frame coarse" in [value for value in page.values("class") if value.startswith("frame")]


def test_it_tells_who_learned_of_the_feast_from_whom_in_that_order(by_hand, page):
    names = [person.name for person in by_hand.cast]
    news = page.text[page.text.index("Who told whom", 900) :]
    places = [news.index(words) for words in (names[0], f"from {names[0]}", f"from {names[1]}", f"from {names[2]}")]
    assert places == sorted(places)
    assert "4 of 6 know of it" in news
    assert "There is a feast tonight." in news


def test_events_that_people_talk_about_are_told_in_words(by_hand, names):
    give = EventRow(0, 0, "agent-0", "give", "agent-1", "place-0", None, {"name": "A letter"})
    meet = EventRow(0, 0, "agent-0", "meet", "agent-1", None, None, {})
    move = EventRow(0, 0, "agent-0", "arrive", "place-0", "place-0", None, None)
    one, two = by_hand.cast[0].name, by_hand.cast[1].name
    assert in_words(give, names) == f"{one} gave A letter to {two}"
    assert in_words(meet, names) == f"{one} met {two}"
    assert in_words(move, names) == f"{one} came to {by_hand.settlement.places[0].name}"


def test_a_chain_that_goes_round_still_shows_everybody(names):
    knowers = [
        Knower("agent-0", 60, "event-60-0-0", "agent-1", "", 1, ""),
        Knower("agent-1", 120, "event-120-0-0", "agent-0", "", 1, ""),
    ]
    assert [learned.agent for learned in _in_order(knowers, names)] == ["agent-0", "agent-1"]


def test_places_bear_their_names_from_the_recorded_land(by_hand, page):
    assert by_hand.settlement.name in page.text
    assert by_hand.settlement.places[0].name in page.text
    assert not re.search(r"\bplace-\d", page.text)


def test_land_that_was_erased_leaves_ids_and_says_why(copy):
    for path in copy.files("answers/"):
        copy.remove(path)
    text = Page(render(copy)).text
    assert "Places are shown by their ids" in text
    assert "place-0" in text


def test_the_verdict_stands_level_by_level_and_the_seal_is_not_claimed(page):
    verdict = page.text[page.text.index("What the audit found") :]
    for words in ("Bytes pass", "Credentials pass", "Signer pass", "Ingredients pass", "Log pass"):
        assert words in verdict
    assert "Reproduced not checked" in verdict
    assert "Seal not checked here" in verdict
    assert "found no fault" in verdict


def test_a_fault_is_told_and_marked_on_the_thing_itself_and_a_note_is_none(by_hand, copy):
    path = next(path for path in copy.files("artifacts/") if path.endswith(".png"))
    fault = Finding(Level.BYTES, Code.TAMPERED, path, "differs from the log", "file.digest")
    note = Finding(Level.BYTES, Code.NOTE, "logs/x", "lies outside the seal", "outside")
    text = Page(render(copy, audit(note, fault, bytes="fail"))).text
    assert "found 1 fault ." in text or "found 1 fault." in text
    assert "fault: file.digest" in text
    assert text.count("credential valid") == 5
    assert "lies outside the seal" in text
    assert "Bytes fail" in text


def test_it_loads_nothing_and_runs_only_what_its_policy_names(html, page):
    tags = {tag for tag, _ in page.tags}
    assert not tags & {"iframe", "object", "embed", "base", "form", "video"}
    kinds = [dict(attrs).get("type") for tag, attrs in page.tags if tag == "script"]
    assert kinds == ["application/json", "application/json", None], "data blocks, and one script of our own"
    outside = html.replace("".join(page.scripts), "")
    assert not re.search(r"https?:|url\(|@import|expression\(", outside)
    assert not re.search(
        r"https?:|\bfetch\(|\beval\(|XMLHttpRequest|WebSocket|innerHTML|document\.write", page.scripts[-1]
    )
    assert all(value.startswith(("data:image/", "data:audio/wav;base64,")) for value in page.values("src"))
    links = [value for value in page.values("href") if not value.startswith("#") and value != "data:,"]
    assert all(
        re.match(r"(artifacts/[0-9a-f]{2}/[0-9a-f]{64}\.[a-z]+|world/(map\.png|world\.glb))\Z", v) for v in links
    )
    assert not [value for tag, attrs in page.tags for name, value in attrs if name.startswith("on") or name == "style"]
    policy = next(value for value in page.values("content") if "default-src" in value)
    assert policy.startswith("default-src 'none'; img-src data: blob:; media-src data:; style-src 'sha256-")
    assert assets.digest("".join(page.styles)) in policy
    assert assets.digest(page.scripts[-1]) in policy
    assert "unsafe" not in policy


def test_links_within_the_page_lead_to_something(by_hand, html, page):
    ids = set(page.values("id")) | {row[0] for row in json.loads(page.scripts[1])["rows"]}
    anchors = {value[1:] for value in page.values("href") if value.startswith("#")}
    assert len(anchors) > 20
    assert anchors <= ids


def test_pictures_stand_in_it_whole_with_their_credentials(by_hand, page):
    shown = [base64.b64decode(value.partition(",")[2]) for value in page.values("src")]
    stored = [by_hand.storage.read(p) for p in by_hand.storage.files("artifacts/") if p.endswith((".png", ".svg"))]
    assert len(stored) == 3 + 5
    assert all(data in shown for data in stored)
    assert "svg" not in [tag for tag, attrs in page.tags if ("class", "frame") in attrs]


def test_the_same_folder_gives_the_same_page(by_hand, html):
    assert render(by_hand.storage, times={"text": 3.2, "log": 0.01}) == html
    assert len(html.encode()) < 7_000_000


def test_the_map_on_the_page_is_a_smaller_copy_that_leads_to_the_whole_one(by_hand, page):
    size = len(by_hand.storage.read("world/map.png"))
    shown = next(dict(attrs)["src"] for tag, attrs in page.tags if tag == "img")
    assert shown.startswith("data:image/jpeg;base64,")
    assert len(base64.b64decode(shown.partition(",")[2])) < size
    assert "world/map.png" in page.values("href")


def test_a_map_that_is_none_is_said_to_be_none(copy):
    copy.write("world/map.png", b"not a picture")
    assert "world/map.png cannot be read" in Page(render(copy)).text
    copy.remove("world/map.png")
    assert "world/map.png is missing" in Page(render(copy)).text


def test_what_is_beyond_the_page_is_named_not_shown(by_hand, page, monkeypatch):
    for most in ("MOST_FACES", "MOST_PICTURES", "MOST_SOUNDS"):
        monkeypatch.setattr(gallery, most, 1_000)
    small = Page(render(by_hand.storage))
    assert small.open == []
    assert len(small.values("src")) == 1, "the map is there always"
    assert "not here: this page holds 0.0 MB of pictures at most; see artifacts/" in small.text
    assert "Listen to it in its own file; not here: this page holds 0.0 MB of sound at most" in small.text
    assert "Come to the feast, the last and the least." in small.text
    songs = [path for path in by_hand.storage.files("artifacts/") if path.endswith(".wav")]
    assert set(songs) <= set(small.values("href"))
    assert not [value for value in small.values("alt") if value.startswith("Portrait of")]


def test_songs_that_do_not_all_fit_are_smaller_copies_that_name_the_signed_file(by_hand, monkeypatch):
    (path,) = (path for path in by_hand.storage.files("artifacts/") if path.endswith(".wav"))
    monkeypatch.setattr(gallery, "MOST_SOUNDS", by_hand.storage.size(path) - 1)
    page = Page(render(by_hand.storage))
    assert page.open == []
    (source,) = (dict(attrs)["src"] for tag, attrs in page.tags if tag == "audio")
    assert len(base64.b64decode(source.partition(",")[2])) < by_hand.storage.size(path)
    assert "A smaller copy; the signed file sounds better." in page.text
    assert path in page.values("href")


def test_a_page_full_of_media_stays_below_its_bound(tmp_path):
    storage = Storage(LocalDisk(tmp_path))
    names = [f"artifacts/{at:02x}/{at:064x}.wav" for at in range(5)]
    for name in names:
        storage.write(name, bytes(660_000))
    budget = media.Budget(media.MOST_SOUNDS, "sound")
    shown = [budget.file(storage, name, "audio/wav") for name in names]
    assert [bool(each.uri) for each in shown] == [True, True, True, False, False]
    assert all(f"see {name}" in each.note for name, each in zip(names[3:], shown[3:], strict=True))
    assert 4 * (media.MOST_FACES + media.MOST_PICTURES + media.MOST_SOUNDS) / 3 < 6_000_000


def test_a_missing_artifact_is_said_to_be_missing(copy):
    path = next(path for path in copy.files("artifacts/") if path.endswith(".txt"))
    copy.remove(path)
    assert f"{path} is missing" in Page(render(copy)).text


def test_an_erased_artifact_body_leaves_the_rest_of_the_page(copy):
    segment = body_segment(0)
    items = decode_segment(copy.read(segment))
    copy.write(segment, encode_segment(i.erased() if b'"type":"artifact"' in (i.data or b"") else i for i in items))
    text = Page(render(copy)).text
    assert "Nothing was made in this run" in text
    assert "There is a feast tonight." in text


@pytest.fixture(scope="module")
def attacked(make_by_hand, texts, tmp_path_factory):
    """A run in which names, titles, speeches and a letter are all hostile; the letter has bidi controls too."""

    def hostile(text):
        return f"{text} {HOSTILE}"

    def letter(text):
        return f"{text} {HOSTILE} \u202e\u2066\u0007\x1b[31m reversed"

    folder = tmp_path_factory.mktemp("attacked")
    return make_by_hand(folder, texts(name=hostile, title=hostile, speech=hostile, letter=letter))


def test_hostile_text_stays_in_its_place(attacked, by_hand, page):
    html = render(attacked.storage, times={"text": 3.2, "log": 0.01})
    hurt = Page(html)
    assert hurt.open == []
    assert hurt.shape == page.shape
    assert hurt.text.count("<script>alert(1)</script>") > 20
    assert "{{ 7*7 }}" in hurt.text
    assert "49{%" not in hurt.text
    assert "reversed" in hurt.text
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u0000-\u0008\u001b]", html)


def test_hostile_audit_messages_stay_text(by_hand):
    finding = Finding(Level.BYTES, Code.TAMPERED, f"artifacts/{HOSTILE}\u202e\ud800", HOSTILE, HOSTILE)
    html = write_report(by_hand.storage, audit(finding), RunSummary.of(by_hand.storage, time_by_part={HOSTILE: 1.0}))
    page = Page(html.decode())
    assert page.open == []
    assert [tag for tag, _ in page.tags].count("script") == 3


@pytest.mark.external
def test_a_browser_runs_nothing_of_a_hostile_run(attacked, tool, tmp_path):
    place = tmp_path / "report.html"
    place.write_text(render(attacked.storage), "utf-8")
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--dump-dom"]
    flags += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    flags += [f"--user-data-dir={tmp_path / 'profile'}", "--virtual-time-budget=2000"]
    done = subprocess.run([tool("chromium"), *flags, place.as_uri()], capture_output=True, text=True, timeout=120)
    page = Page(done.stdout)
    assert [tag for tag, _ in page.tags].count("script") == 3
    assert "<script>alert" not in done.stdout
    assert not [name for _, attrs in page.tags for name, _ in attrs if name.startswith("on")]
    assert "alert(1)" in page.text


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "data:text/html;base64,PHN2Zz4=",
        'data:image/png;base64,AA"onerror',
        'data:audio/wav;base64,AA" autoplay',
        "data:audio/x-evil;base64,AAAA",
        "data:,",
    ],
)
def test_only_the_data_of_pictures_and_sounds_passes_for_one(text):
    with pytest.raises(FormatError):
        rendering.uri(text)


def test_needs_at_the_end_are_bars_of_the_last_snapshot_that_reads(by_hand, page, copy):
    assert "rect" in {tag for tag, _ in page.tags}
    before, by_hand.storage = by_hand.storage, copy
    try:
        for hour in range(1, 5):
            by_hand.snapshot(by_hand.start + hour * 3600)
    finally:
        by_hand.storage = before
    copy.write("snapshots/t=0061200/agents-0.json", b"{}")
    assert "at day 1, 10:00" in Page(render(copy)).text


ROWS = st.lists(
    st.tuples(
        st.integers(0, 5000),
        st.integers(0, 9000),
        st.sampled_from(["work", "rest", "move", "arrive", "finish", "use", "wait", "see", "make"]),
        st.sampled_from([{}, {"asleep": True}, {"how": "eaten"}]),
    ),
    max_size=12,
)


@given(ROWS)
def test_what_one_does_fills_the_time_without_gap_or_overlap(rows):
    events = [EventRow(time, span, "agent-0", kind, None, None, None, detail) for time, span, kind, detail in rows]
    found = stretches(events, 0, 6000)
    assert found[0].start == 0
    assert found[-1].end == 6000
    assert all(one.end == two.start for one, two in pairwise(found))
    assert {stretch.doing for stretch in found} <= set(DOINGS)


def test_work_that_is_broken_off_ends_where_the_next_doing_begins():
    rows = [(0, 600, "work", {}), (200, 100, "use", {"how": "eaten"}), (400, 3600, "rest", {"asleep": True})]
    events = [EventRow(time, span, "agent-0", kind, None, None, None, detail) for time, span, kind, detail in rows]
    assert [tuple(stretch) for stretch in stretches(events, 0, 1000)] == [
        (0, 200, "working"),
        (200, 300, "eating"),
        (300, 400, "else"),
        (400, 1000, "sleeping"),
    ]


def test_a_prop_is_drawn_on_a_clear_ground_and_a_broken_one_is_not(by_hand):
    import io

    from PIL import Image

    glb = by_hand.storage.read(next(path for path in by_hand.storage.files() if path.endswith(".glb")))
    image = Image.open(io.BytesIO(draw_prop(glb)))
    assert image.mode == "RGBA"
    alpha = image.getchannel("A")
    assert alpha.getpixel((0, 0)) == 0
    assert 0.05 < sum(alpha.tobytes()) / 255 / (image.width * image.height) < 0.9
    assert len(read_triangles(glb).corners) == len(read_triangles(glb).colours) > 10
    for broken in (b"", b"glTF", glb[: len(glb) // 2], bytes(200)):
        assert draw_prop(broken) is None


@pytest.mark.parametrize(
    ("name", "letters"), [("Ida Marsh", "IM"), ("Bo", "B"), ("<b> x", "X"), ("", "?"), ("Åsa af Öl", "ÅÖ")]
)
def test_initials_are_letters(name, letters):
    assert initials(name) == letters


def test_lists_of_names_are_cut_short():
    assert listed([]) == ""
    assert listed(["a"]) == "a"
    assert listed(["a", "b"]) == "a and b"
    assert listed(list("abcdef")) == "a, b, c and 3 others"

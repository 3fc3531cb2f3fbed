"""The report in a real browser: it plays, follows, filters and turns; keyboard, colours, narrow windows, odd words."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from worldloom.cluster.closing.report import write_report
from worldloom.cluster.closing.summary import RunSummary
from worldloom.provenance.audit.findings import AuditResult, State

pytestmark = pytest.mark.external

HOSTILE = (
    "\"'></script><script>window.hurt=1</script><img src=x onerror=window.hurt=2></bdi></option></title>"
    "<!-- \\u003c/script> {{ 7*7 }} \N{LINE SEPARATOR}"
)
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
PASSED = {"bytes": "pass", "credential": "pass", "signer": "pass", "ingredients": "pass", "log": "pass"}


def written(storage, folder: Path) -> str:
    audit = AuditResult("run", State.OPEN, levels={**PASSED, "reproduced": "not checked"}, findings=())
    path = folder / "report.html"
    path.write_bytes(write_report(storage, audit, RunSummary.of(storage)))
    return path.as_uri()


def until(page, true: str, seconds: float = 120) -> None:
    """Wait for an expression; Playwright's own way to wait would evaluate text, which the page's policy forbids."""
    ends = time.monotonic() + seconds
    while not page.evaluate(true):
        assert time.monotonic() < ends, f"never: {true}"
        page.wait_for_timeout(50)


@pytest.fixture(scope="module")
def address(lived, tmp_path_factory):
    return written(lived, tmp_path_factory.mktemp("report"))


@pytest.fixture(scope="module")
def chromium(tool):
    from playwright.sync_api import sync_playwright

    flags = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--disable-gpu-rasterization"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=tool("chromium"), args=flags)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium):
    """Give a function that opens an address; no page may ask the network or complain."""
    opened = []

    def open_it(address, size=WIDE, colours="light"):
        page = chromium.new_page(viewport=size, color_scheme=colours)
        page.set_default_timeout(120_000)
        trouble: list[str] = []
        page.on("console", lambda said: said.type == "error" and trouble.append(said.text))
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on("request", lambda asked: asked.url.startswith(("data:", "blob:", address)) or trouble.append(asked.url))
        page.goto(address)
        opened.append((page, trouble))
        return page

    yield open_it
    for page, trouble in opened:
        page.close()
        assert trouble == []


def test_scrubbing_moves_people_and_the_clock(address, open_page):
    page = open_page(address)
    slider = page.locator("[data-part=time]")
    places = "Array.from(worldloom.player.places).join()"
    slider.fill("22200")
    until(page, "worldloom.player.time == 22200 && !worldloom.player.wanted")
    before = page.evaluate(places)
    assert page.locator("[data-part=clock]").inner_text() == "06:10"
    slider.fill("30600")
    until(page, "worldloom.player.time == 30600 && !worldloom.player.wanted")
    assert page.locator("[data-part=clock]").inner_text() == "08:30"
    assert page.evaluate(places) != before
    assert slider.get_attribute("aria-valuetext") == "08:30"


def test_play_goes_on_and_pause_stops(address, open_page):
    page = open_page(address)
    play = page.get_by_role("button", name="Play")
    start = page.evaluate("worldloom.player.time")
    play.click()
    until(page, f"worldloom.player.time > {start} + 120")
    page.get_by_role("button", name="Pause").click()
    until(page, "!worldloom.player.playing && !worldloom.player.wanted")
    stood = page.evaluate("worldloom.player.time")
    page.wait_for_timeout(300)
    assert page.evaluate("worldloom.player.time") == stood


def test_following_shows_whom_one_follows(address, open_page):
    page = open_page(address)
    page.locator("[data-part=follow]").select_option("2")
    until(page, "worldloom.player.zoom > 2 && !worldloom.player.wanted")
    name = page.evaluate("worldloom.player.people[2].name")
    assert page.locator("[data-part=person] [data-part=name]").inner_text() == name
    page.locator("#agent-4 [data-follow]").click()
    until(page, "worldloom.player.followed == 4")
    page.get_by_role("button", name="The whole map").click()
    until(page, "worldloom.player.followed == -1 && worldloom.player.zoom == 1")


def test_a_sentence_of_the_story_leads_to_its_event_and_its_moment(address, open_page):
    page = open_page(address)
    link = page.locator(".story a").nth(3)
    event = link.get_attribute("href")[1:]
    link.click()
    row = page.locator(f"[id='{event}']")
    row.wait_for()
    assert "log entry" in row.inner_text()
    assert page.evaluate("document.activeElement.id") == event


def test_events_are_filtered(address, open_page):
    page = open_page(address)
    page.locator("#events-live [data-part=kind]").select_option("make")
    shown = page.locator("#events-live [data-part=list] li")
    until(page, "document.querySelectorAll('[data-part=list] li').length < 100")
    assert shown.count() > 0
    assert all(" made " in text for text in shown.all_inner_texts())
    page.locator("#events-live [data-part=words]").fill("no event says this")
    until(page, "document.querySelectorAll('[data-part=list] li').length == 0")


def test_the_keyboard_reaches_every_control(address, open_page):
    page = open_page(address)
    wanted = {"play", "time", "speed", "follow", "closer", "wider", "whole", "enter", "who", "kind", "words", "more"}
    reached = set()
    for _ in range(600):
        page.keyboard.press("Tab")
        part = page.evaluate("document.activeElement.dataset ? document.activeElement.dataset.part : ''")
        reached.add(part)
        if wanted <= reached:
            break
    assert wanted <= reached
    page.locator("[data-part=time]").focus()
    before = page.evaluate("worldloom.player.time")
    page.keyboard.press("ArrowRight")
    until(page, f"worldloom.player.time == {before} + 60")


def test_the_world_is_entered_and_turned_by_keys(address, open_page):
    page = open_page(address, {"width": 500, "height": 500})
    page.locator("[data-part=enter]").click()
    page.wait_for_selector(".entered")
    canvas = page.locator("#world [data-part=canvas]")
    until(page, "Number(document.querySelector('#world canvas').dataset.drawn) > 0")
    assert page.evaluate("document.activeElement.dataset.part") == "canvas"
    before = page.evaluate("Number(document.querySelector('#world canvas').dataset.drawn)")
    canvas.press("ArrowLeft")
    until(page, f"Number(document.querySelector('#world canvas').dataset.drawn) > {before}")


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_axe_finds_nothing_serious(address, open_page, size, colours):
    page = open_page(address, size, colours)
    page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    page.evaluate("worldloom.player.follow(1)")
    page.evaluate(axe())
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    grave = [each for each in found["violations"] if each["impact"] in ("serious", "critical")]
    assert [(each["id"], each["nodes"][0]["html"][:200]) for each in grave] == []


def axe() -> str:
    root = Path(__file__).parents[2]
    modules = Path(os.environ.get("WORLDLOOM_NODE_MODULES", root / "external" / "node_modules"))
    return (modules / "axe-core" / "axe.min.js").read_text("utf-8")


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_nothing_sticks_out_at_the_side(address, open_page, size):
    page = open_page(address, size)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_button_goes_through_the_colours(address, open_page):
    page = open_page(address)
    paper = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(paper)
    page.locator("#theme").click()
    assert page.evaluate(paper) == light
    page.locator("#theme").click()
    assert page.evaluate(paper) != light


def test_hostile_words_stay_words(make_by_hand, texts, tmp_path, open_page):
    def hostile(text):
        return f"{text} {HOSTILE}"

    def endless(text):
        return f"{text} {HOSTILE} " + "w" * 10_000

    words = texts(name=hostile, title=hostile, speech=endless, letter=endless)
    run = make_by_hand(tmp_path / "run", words)
    page = open_page(written(run.storage, tmp_path))
    page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    page.wait_for_timeout(500)
    assert page.evaluate("window.hurt") is None
    assert page.evaluate("document.scripts.length") == 3
    assert page.locator("img[onerror]").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert "window.hurt=1" in page.locator("#events-live").inner_text()


def test_without_scripts_the_page_still_tells(address, chromium):
    context = chromium.new_context(java_script_enabled=False, viewport=NARROW)
    page = context.new_page()
    page.goto(address)
    assert page.locator(".stage img").is_visible()
    assert page.locator("noscript li, #events li").count() > 3
    assert not page.locator("#map .controls").is_visible()
    context.close()

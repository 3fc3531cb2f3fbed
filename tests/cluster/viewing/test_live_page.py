"""The live page in a real Chromium: a run is begun, watched, stopped, resumed and audited by clicks; hostile runs."""

from __future__ import annotations

import http.client
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from worldloom.cluster import Placement, RunOptions, Silent, run

from .conftest import START, SVG, GrowingRun

pytestmark = pytest.mark.external

SLOW = '''"""Six people for three hours, each step held up, so that a person can watch and stop it."""

import time

from worldloom.cluster import Scenario, Stage

scenario = Scenario(
    name="slow", title="A slow morning", agents=6, hours=3, seed=11, portraits=False, world={"size": 128},
    generators={"text": "rules", "image": "procedural", "sound": "procedural", "mesh": "embedded"},
)


def pause(stage: Stage) -> None:
    time.sleep(0.25)


for minute in range(0, 180, 3):
    scenario.at(time=f"{6 + minute // 60:02d}:{minute % 60:02d}")(pause)
'''
WEBGL = ("--use-angle=swiftshader", "--enable-unsafe-swiftshader")
"""Draws in three dimensions without a graphics card."""
TABS = ("Story", "Ties", "News", "3D", "Artifacts", "People", "Charts", "Audit", "Report")
PATIENCE = 180_000
"""Milliseconds that a busy machine may take for what a calm one does in five seconds."""


class Page:
    """A served live page: its address with the token."""

    def __init__(self, folder: Path, *options: str) -> None:
        command = [
            sys.executable,
            "-m",
            "worldloom.cluster.commands.main",
            "view",
            str(folder),
            "--port",
            "0",
            *options,
        ]
        environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment, cwd=folder.parent
        )
        first = self.process.stdout.readline()
        found = re.match(r"Live page: (http://\S+)", first)
        assert found, first + self.process.stdout.read()
        self.url = found[1]
        self.host = urlsplit(self.url).netloc

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        """Ask without a browser."""
        connection = http.client.HTTPConnection(self.host, timeout=60)
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()

    def close(self) -> str:
        """End it as Ctrl-C does; returns what else it said."""
        self.process.send_signal(2)
        return self.process.communicate(timeout=60)[0]


@pytest.fixture
def serve() -> Iterator[Callable[..., Page]]:
    """Serve a folder; ended afterwards."""
    pages: list[Page] = []

    def start(folder: Path, *options: str) -> Page:
        pages.append(Page(folder, *options))
        return pages[-1]

    yield start
    for page in pages:
        if page.process.poll() is None:
            page.close()


@pytest.fixture(scope="module")
def chromium(tool: Callable[[str], str]) -> Iterator[Any]:
    """A headless Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=tool("chromium"), args=["--no-sandbox", *WEBGL])
        yield browser
        browser.close()


class Watched:
    """A browser's page that remembers what should not happen."""

    def __init__(self, browser: Any, served: Page, **options: Any) -> None:
        self.context = browser.new_context(**options)
        self.page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.faults: list[str] = []
        self.page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))
        self.page.on("dialog", lambda dialog: (self.faults.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        self.page.on("console", lambda said: self.faults.append(said.text) if said.type == "error" else None)
        self.page.on("request", lambda request: self._foreign(request.url, served))

    def _foreign(self, url: str, served: Page) -> None:
        if urlsplit(url).netloc != served.host and not url.startswith(("data:", "blob:")):
            self.faults.append(f"foreign: {url}")


@pytest.fixture
def slow_scenario(tmp_path: Path) -> Path:
    path = tmp_path / "slow.py"
    path.write_text(SLOW)
    (tmp_path / "runs").mkdir()
    return path


def steps(page: Any) -> int:
    return int(re.search(r"steps ([\d,]+) of", page.inner_text(".course"))[1].replace(",", ""))


def drawn(page: Any) -> int:
    return int(page.get_attribute(".world canvas", "data-drawn"))


def state(page: Any, wanted: str) -> None:
    page.wait_for_function("wanted => document.querySelector('.over .pill')?.innerText === wanted", arg=wanted)


def test_a_run_is_begun_watched_stopped_resumed_and_audited_by_clicks(
    serve: Callable[..., Page], chromium: Any, slow_scenario: Path, tmp_path: Path
) -> None:
    served = serve(tmp_path / "runs", "--local", "--scenario", str(slow_scenario))
    seen = Watched(chromium, served, viewport={"width": 1440, "height": 900})
    page = seen.page
    page.goto(served.url)
    page.click("text=New run")
    assert "token" not in page.evaluate("location.href")
    page.wait_for_selector(f"text={slow_scenario.name}")
    page.click("button:has-text('Begin')")
    page.wait_for_url("**/run/slow-1")
    state(page, "running")
    page.wait_for_function("/steps [1-9]/.test(document.querySelector('.course')?.innerText)")
    first = steps(page)
    page.wait_for_function(f"/steps (\\d+)/.exec(document.querySelector('.course')?.innerText)[1] > {first}")
    page.wait_for_selector(".town-who")
    assert page.locator(".town-who").count() == 6
    page.wait_for_selector(".line q")
    page.locator(".town-who >> nth=0").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    assert page.locator(".town-who.chosen").get_attribute("data-at") == "1"
    page.click(".q-tab:has-text('Ties')")
    page.locator(".point >> nth=2").press("Enter")
    page.wait_for_selector(".web figcaption b")
    page.click("button:has-text('Stop')")
    state(page, "interrupted")
    stopped = steps(page)
    assert 0 < stopped < 180
    page.click("button:has-text('Resume')")
    page.click(".q-tab:has-text('3D')")
    page.wait_for_function("Number(document.querySelector('.world canvas')?.dataset.drawn) > 0")
    page.select_option("[data-part=who]", label=page.inner_text("[data-part=who] option >> nth=1"))
    turned = drawn(page)
    page.locator(".world canvas").press("ArrowLeft")
    page.wait_for_function(f"Number(document.querySelector('.world canvas').dataset.drawn) > {turned}")
    page.click(".q-tab:has-text('Story')")
    page.wait_for_selector(".story time")
    state(page, "sealed")
    assert steps(page) == 180
    page.click(".q-tab:has-text('Artifacts')")
    page.click(".thing >> nth=0")
    page.wait_for_selector(".sheet .pill.good")
    page.wait_for_selector(".sheet pre.tree:has-text('persona')")
    page.keyboard.press("Escape")
    page.click(".q-tab:has-text('People')")
    page.wait_for_selector(".person")
    assert page.locator(".person").count() == 6
    page.click(".q-tab:has-text('Charts')")
    page.wait_for_selector(".chart canvas")
    page.click(".q-tab:has-text('Audit')")
    page.click("text=Audit this run")
    page.wait_for_selector(".pill.good:has-text('clean')")
    page.click(".q-tab:has-text('Report')")
    report = page.frame_locator("iframe.report")
    report.locator("h1").wait_for()
    assert "A slow morning" in report.locator("h1").inner_text()
    assert seen.faults == []
    assert (tmp_path / "runs" / "slow-1.zip").is_file()


def test_a_run_that_somebody_else_started_is_stopped_too(
    serve: Callable[..., Page], chromium: Any, slow_scenario: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "runs" / "mine-1"
    command = [sys.executable, "-m", "worldloom.cluster.commands.main", "run", str(slow_scenario), "--local"]
    process = subprocess.Popen([*command, "--out", str(folder)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        served = serve(tmp_path / "runs")
        page = Watched(chromium, served).page
        page.goto(served.url)
        page.click("a.run >> nth=0")
        page.wait_for_function("/steps [1-9]/.test(document.querySelector('.course')?.innerText)")
        page.click("button:has-text('Stop')")
        state(page, "interrupted")
        assert process.wait(60) == 130
    finally:
        process.kill()
        process.wait()


def test_without_the_token_nothing_is_served(serve: Callable[..., Page], growing: GrowingRun) -> None:
    served = serve(growing.folder.parent)
    wrong = f"worldloom-view-{served.host.rpartition(':')[2]}=wrong"
    paths = ("/", "/run/by-hand-1", "/files/by-hand-1/report.html", "/map/by-hand-1", "/thumb/x")
    for path in (*paths, "/crowd/by-hand-1", "/world/by-hand-1", "/viewer/scene3d.js"):
        assert (path, served.get(path)[0]) == (path, 403)
        assert (path, served.get(path, Cookie=wrong)[0]) == (path, 403)
    socket = "/_nicegui_ws/socket.io/?EIO=4&transport="
    upgrade = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
    assert served.get(f"{socket}polling")[0] == 403
    assert served.get(f"{socket}websocket", **upgrade, **{"Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA=="})[0] == 403


def test_of_the_reports_scripts_only_those_named_are_served(serve: Callable[..., Page], growing: GrowingRun) -> None:
    served = serve(growing.folder.parent)
    cookie = f"worldloom-view-{served.host.rpartition(':')[2]}={served.url.rpartition('=')[2]}"
    status, headers, body = served.get("/viewer/scene3d.js", Cookie=cookie)
    assert (status, headers["content-type"].partition(";")[0]) == (200, "text/javascript")
    assert b"export function show" in body
    for path in ("/viewer/report.css", "/viewer/..%2Freport.py", "/viewer/", "/crowd/by-hand-1", "/world/by-hand-1"):
        assert (path, served.get(path, Cookie=cookie)[0]) == (path, 404)


EVIL = (
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(2)</script>",
    "`${alert(3)}`",
    "{{constructor.constructor('alert(4)')()}}",
    "<a href='javascript:alert(5)'>x</a>",
)


def test_hostile_words_stay_words(serve: Callable[..., Page], chromium: Any, tmp_path: Path) -> None:
    run = GrowingRun(tmp_path / "runs" / "evil-1", title=EVIL[1])
    run.begin(EVIL[:3])
    run.news(START + 1800, EVIL[0])
    for number, words in enumerate(EVIL):
        run.say(START + 60 * number, number % 3, words)
        thing = {"name": words, "thing": words}
        run.events(START + 600 + number, (f"agent-{number % 3}", "make", "item-1", "place-0", thing))
        run.make(START + 700 + number, words.encode(), "text/plain", words, craft="letter" if number else words)
    script = SVG.replace(b"<rect", b"<script>alert(6)</script><rect onload='alert(7)'")
    run.make(START + 900, script, "image/svg+xml", "A sign", craft="sign")
    run.commit()
    served = serve(tmp_path / "runs")
    seen = Watched(chromium, served)
    page = seen.page
    page.goto(served.url)
    page.wait_for_selector("a.run")
    assert EVIL[1] in page.inner_text("a.run h2")
    page.click("a.run")
    page.wait_for_selector(".line q")
    assert {line.strip("“”") for line in page.locator(".line q").all_inner_texts()} == set(EVIL)
    for tab in TABS:
        page.click(f".q-tab:has-text('{tab}')")
        page.wait_for_timeout(400)
    page.click(".q-tab:has-text('News')")
    assert EVIL[0] in page.locator(".piece h2").inner_text()
    assert page.locator(".learned .who").all_text_contents() == list(EVIL[:3])
    page.click(".q-tab:has-text('Ties')")
    page.locator(".point >> nth=1").press("Enter")
    assert page.inner_text(".web figcaption b") == EVIL[1]
    page.click(".q-tab:has-text('Story')")
    page.wait_for_selector(".story p:has-text('came to know')")
    page.click(".q-tab:has-text('Artifacts')")
    for number in range(page.locator(".thing:visible").count()):
        page.click(f".thing:visible >> nth={number}")
        page.wait_for_selector(".sheet pre.tree")
        page.keyboard.press("Escape")
        page.wait_for_selector(".sheet", state="detached")
    sign = page.get_attribute(".thing img", "src")
    page.goto(f"http://{served.host}{sign}")
    page.wait_for_timeout(500)
    assert [fault for fault in seen.faults if "sandbox" not in fault.lower() and "Security Policy" not in fault] == []
    assert page.locator("script").count() <= 1  # the sign's own, which may not run


@pytest.mark.parametrize("width", [360, 768, 1440])
def test_nothing_is_wider_than_the_window(
    serve: Callable[..., Page], chromium: Any, growing: GrowingRun, width: int
) -> None:
    growing.say(START + 60, 0, "A" * 400)
    growing.news(START + 120, "N" * 300)
    growing.make(START + 60, b"Dear Bo " * 90, "text/plain", "L" * 120, craft="letter")
    growing.commit()
    served = serve(growing.folder.parent)
    page = Watched(chromium, served, viewport={"width": width, "height": 800}).page
    page.goto(served.url)
    page.wait_for_selector("a.run")
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wide) <= 0
    page.click("a.run")
    page.wait_for_selector(".line q")
    for tab in TABS:
        assert page.evaluate(wide) <= 0
        page.click(f".q-tab:has-text('{tab}')")
        page.wait_for_timeout(250)
    assert page.evaluate(wide) <= 0


@pytest.mark.parametrize(("width", "colours"), [(390, "dark"), (1440, "light")])
def test_axe_finds_nothing_serious(
    serve: Callable[..., Page], chromium: Any, growing: GrowingRun, width: int, colours: str
) -> None:
    growing.say(START + 60, 0, "Good morning.")
    growing.news(START + 120, "There is a feast.")
    growing.make(START + 60, b"Dear Bo, come.", "text/plain", "A letter", craft="letter")
    growing.make(START + 90, SVG, "image/svg+xml", "A sign", craft="sign")
    growing.commit()
    served = serve(growing.folder.parent)
    page = Watched(chromium, served, viewport={"width": width, "height": 900}, color_scheme=colours).page
    page.goto(served.url)
    page.wait_for_selector("a.run")
    assert grave(page) == []
    page.click("text=New run")
    page.wait_for_selector(".sheet .form")
    page.wait_for_timeout(600)
    assert grave(page) == []
    page.keyboard.press("Escape")
    page.wait_for_selector(".sheet", state="detached")
    page.click("a.run")
    page.wait_for_selector(".line q")
    assert grave(page) == []
    for tab in (*TABS, "Artifacts"):
        page.click(f".q-tab:has-text('{tab}')")
        page.wait_for_selector(f".q-tab--active:has-text('{tab}')")
        page.wait_for_timeout(200)
        assert (tab, grave(page)) == (tab, [])
    page.click(".thing >> nth=0")
    page.wait_for_selector(".sheet pre.tree")
    page.wait_for_timeout(600)
    assert grave(page) == []


def test_a_crowd_has_its_picture_and_curves(serve: Callable[..., Page], chromium: Any, tmp_path: Path) -> None:
    run(RunOptions("schelling", out=tmp_path / "runs" / "crowd-1", hours=3, placement=Placement(local=True)), Silent())
    served = serve(tmp_path / "runs")
    seen = Watched(chromium, served, viewport={"width": 390, "height": 844})
    page = seen.page
    page.goto(served.url)
    page.click("a.run")
    page.wait_for_function("document.querySelector('.crowd-picture')?.naturalWidth >= 900")
    page.wait_for_selector(".caption:has-text('own last state')")
    assert page.locator(".curves h2").all_inner_texts() == ["Alike", "Unhappy", "Events of a step"]
    assert page.locator(".q-tab:visible").all_inner_texts() == ["Now", "Charts", "Audit", "Report"]
    assert (grave(page), seen.faults) == ([], [])


def grave(page: Any) -> list[tuple[str, str]]:
    """What axe-core finds that is serious or critical, with the first element of each."""
    modules = Path(os.environ.get("WORLDLOOM_NODE_MODULES", Path(__file__).parents[2] / "external" / "node_modules"))
    page.evaluate((modules / "axe-core" / "axe.min.js").read_text("utf-8"))
    # The line at the top while something loads is Quasar's, and gone in a moment.
    asked = "axe.run({exclude: ['.q-loading-bar']}, {resultTypes: ['violations'], iframes: false})"
    found = page.evaluate(asked)["violations"]
    return [(each["id"], each["nodes"][0]["html"][:200]) for each in found if each["impact"] in ("serious", "critical")]


def test_the_page_ends_with_ctrl_c_and_leaves_nothing_behind(serve: Callable[..., Page], growing: GrowingRun) -> None:
    served = serve(growing.folder.parent)
    before = sorted(path.name for path in growing.folder.parent.parent.rglob("*"))
    assert served.close() == ""
    # -2: the signal came while Python was on its way out already.
    assert served.process.returncode in (0, -2)
    assert sorted(path.name for path in growing.folder.parent.parent.rglob("*")) == before

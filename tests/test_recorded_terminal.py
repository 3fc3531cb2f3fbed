"""The recorded terminal sessions: how they are made from what a screen showed, and those that the documents show."""

from __future__ import annotations

import json
import re
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).parent.parent
SHOWN = sorted((ROOT / "docs" / "pictures").glob("terminal*.cast"))


@pytest.fixture(scope="module")
def recorder() -> ModuleType:
    pytest.importorskip("pyte", reason="worldloom[docs] is not installed")
    spec = spec_from_file_location("record_terminal", ROOT / "docs" / "record_terminal.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules["record_terminal"] = module
    spec.loader.exec_module(module)
    return module


def test_a_real_command_becomes_a_cast_and_a_picture(recorder, tmp_path):
    recorder.main(tmp_path / "out", [r"printf 'a <b> & \033[31mred\033[0m\n'", "echo done"])
    head, *frames = [json.loads(line) for line in (tmp_path / "out.cast").read_text().splitlines()]
    assert (head["version"], head["width"]) == (2, recorder.COLUMNS)
    assert [frame[0] for frame in frames] == sorted(frame[0] for frame in frames)
    picture = ElementTree.fromstring((tmp_path / "out.svg").read_text())
    words = "".join(text for text in picture.itertext())
    assert "a <b> & " in words
    assert "done" in words
    assert recorder.COLOURS["red"] in (tmp_path / "out.svg").read_text()


def test_pauses_are_shortened_and_nothing_else(recorder):
    frames = [recorder.Frame(at, ()) for at in (0.0, 0.2, 60.0, 60.3)]
    assert [round(frame.at, 2) for frame in recorder.shortened(frames)] == [0.0, 0.2, 0.7, 1.0]


def test_a_command_that_fails_writes_nothing(recorder, tmp_path):
    with pytest.raises(SystemExit, match=r"(?s)\$ exit 3.*status 3"):
        recorder.main(tmp_path / "out", ["exit 3"])
    assert not list(tmp_path.iterdir())


def test_a_folder_of_this_machine_is_not_shown(recorder, tmp_path):
    with pytest.raises(SystemExit, match="names /home/ada"):
        recorder.main(tmp_path / "out", ["echo /home/ada/runs"])
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("path", SHOWN, ids=lambda path: path.name)
def test_what_the_documents_show_is_whole_small_and_private(path):
    head, *frames = [json.loads(line) for line in path.read_text().splitlines()]
    assert head["version"] == 2
    assert len(frames) > 5
    text = "".join(frame[2] for frame in frames)
    assert "$" in text
    assert "make " in text
    assert not re.search(r"/(?:work|root|home|tmp)/", text)
    picture = path.with_suffix(".svg")
    assert picture.stat().st_size < 500_000
    assert ElementTree.parse(picture).getroot().tag.endswith("svg")


def test_the_documents_tell_as_many_tests_as_the_recording_shows():
    picture = ElementTree.parse(ROOT / "docs" / "pictures" / "terminal-test.svg")
    passed, minutes = re.findall(r"(\d+) passed.*?\(0:0?(\d+):", "".join(picture.getroot().itertext()), re.DOTALL)[-1]
    assert (int(minutes), f"{int(passed):,} tests in seven minutes" in (ROOT / "docs" / "index.md").read_text()) == (
        7,
        True,
    )

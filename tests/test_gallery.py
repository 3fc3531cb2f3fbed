"""The gallery: cameras stand where a village is seen, pictures stay small, new scenarios are taken up. Draws none."""

from __future__ import annotations

import importlib
import json
import math
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from PIL import Image
from worldloom.worlds.exports.glb_writer import GlbWriter

FOLDER = Path(__file__).parents[1] / "docs" / "gallery"


@pytest.fixture(scope="module")
def gallery() -> Iterator[tuple[ModuleType, ModuleType]]:
    """The scripts gallery.py and shots.py, which lie in a folder that is no package."""
    names = ("browser", "shots", "gallery")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(FOLDER))
        modules = {name: importlib.import_module(name) for name in names}
        yield modules["gallery"], modules["shots"]
    for name in names:
        sys.modules.pop(name, None)


def world(spots: dict[str, tuple[float, float, float]]) -> bytes:
    writer = GlbWriter()
    for kind, at in spots.items():
        writer.node(kind, at=at, extras={"kind": kind, "capacity": 4})
    return writer.to_bytes({})


@pytest.mark.parametrize("harbour", [(90.0, 0.0, 0.0), (0.0, 0.0, -70.0), (40.0, 1.0, 60.0)])
def test_by_day_one_looks_over_the_roofs_to_the_water_and_by_night_back(gallery, harbour):
    _, shots = gallery
    glb = world({"square": (0.0, 3.0, 0.0), "harbour": harbour})
    day, night = shots.from_the_hills(glb), shots.from_the_water(glb)
    for shot, sign in ((day, 1), (night, -1)):
        ahead = np.subtract(shot["target"], shot["eye"])
        assert sign * float(ahead @ harbour) > 0
        assert shot["eye"][1] > 15
        assert math.hypot(*shot["sun"]) == pytest.approx(1)
        json.dumps(shot)
    assert night["night"]
    assert not day["night"]


def test_a_world_without_places_is_seen_from_somewhere(gallery):
    _, shots = gallery
    shot = shots.from_the_hills(world({}))
    assert np.isfinite([*shot["eye"], *shot["target"], *shot["sun"]]).all()


def test_every_scenario_file_is_taken_up(gallery):
    script, _ = gallery
    files = (Path(__file__).parents[1] / "cluster" / "scenarios").glob("*.py")
    assert script.scenarios() == sorted(path.stem for path in files if not path.stem.startswith("_"))
    assert "saltmarsh" in script.scenarios()


def test_a_world_of_squares_brings_its_own_picture(gallery, tmp_path):
    script, _ = gallery
    (tmp_path / "world").mkdir()
    (tmp_path / "scenario.json").write_text('{"name": "squares"}')
    Image.fromarray(np.tile(np.array([[0, 255]], np.uint8), (4, 2))).save(tmp_path / "world" / "map.png")
    ((name, picture),) = script.pictures(tmp_path)
    assert name == "scenario-squares"
    assert picture.size == (1280, 720)
    assert len(picture.getcolors(9)) == 3


def test_a_folder_without_a_world_says_so(gallery, tmp_path):
    script, _ = gallery
    (tmp_path / "world").mkdir()
    (tmp_path / "scenario.json").write_text('{"name": "nothing"}')
    with pytest.raises(script.NoPicture, match="neither"):
        list(script.pictures(tmp_path))


def test_a_picture_with_more_to_show_than_fits_loses_colours_not_size(gallery, tmp_path):
    script, _ = gallery
    noisy = np.random.default_rng(1).integers(0, 256, (240, 427, 3), dtype=np.uint8)
    script.save(Image.fromarray(noisy).resize((1280, 720), Image.Resampling.BICUBIC), tmp_path / "noisy.png")
    assert (tmp_path / "noisy.png").stat().st_size < script.MOST_BYTES
    assert Image.open(tmp_path / "noisy.png").size == (1280, 720)

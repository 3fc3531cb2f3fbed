"""docs/made.md shows the samples and figures of the weights that ship."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def made() -> ModuleType:
    spec = importlib.util.spec_from_file_location("made", ROOT / "docs" / "made.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_what_the_records_say(made: ModuleType) -> None:
    assert (ROOT / "docs" / "made.md").read_text() == made.page(), "write it again: make made"


def test_every_model_that_ships_is_shown_with_its_own_samples(made: ModuleType) -> None:
    shipped = {path.parent.name for path in made.WEIGHTS.glob("*/record.json")}
    assert {model.name for model in made.MODELS} == shipped
    drawn = [name for name in shipped if (made.WEIGHTS / name / "samples.png").is_file()]
    assert len(drawn) == 4
    for name in drawn:
        shown = ROOT / "docs" / "pictures" / f"made-{name}.png"
        assert shown.read_bytes() == (made.WEIGHTS / name / "samples.png").read_bytes(), name

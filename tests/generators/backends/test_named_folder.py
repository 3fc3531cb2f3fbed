import os
from pathlib import Path

import pytest
from worldloom.generators.backends.named_folder import named_folder


@pytest.mark.parametrize("backend", ["embedded", "transformers", "diffusers"])
def test_a_folder_is_found_and_another_can_stand_in_its_place(backend: str, tmp_path: Path) -> None:
    named = named_folder(f"{backend}:{tmp_path}")
    assert named is not None
    assert named.folder == tmp_path
    assert named.spec(Path("/else where")).rstrip("?") == f"{backend}:/else where"


def test_options_stay_with_the_folder(tmp_path: Path) -> None:
    named = named_folder(f"transformers:{tmp_path}?device=cpu&batch=4")
    assert named is not None
    assert named.spec(Path("/there")) == "transformers:/there?device=cpu&batch=4"


def test_a_relative_folder_is_named_in_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "weights").mkdir()
    monkeypatch.chdir(tmp_path)
    named = named_folder("embedded:weights")
    assert named is not None
    assert named.folder == Path(os.getcwd(), "weights")  # noqa: PTH109  (cwd with its links, as the shell names it)


@pytest.mark.parametrize(
    "spec",
    ["embedded", "embedded:", "transformers:org/name", "rules", "openai:http://host#model", "recorded:{folder}"],
)
def test_what_names_no_folder_of_weights_is_left_alone(spec: str, tmp_path: Path) -> None:
    assert named_folder(spec.format(folder=tmp_path)) is None

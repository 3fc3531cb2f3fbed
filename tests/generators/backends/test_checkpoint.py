"""Checkpoints: what they are called, what their digests cover, what is refused. Loads no torch."""

import json
import shutil
import struct
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import save_file
from worldloom.generators.backends.checkpoint import PICKLES, Checkpoint
from worldloom.generators.errors import WeightsError


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "model"
    (place / "unet").mkdir(parents=True)
    save_file({"a": np.ones((2, 3), np.float32)}, place / "model.safetensors")
    save_file({"b": np.zeros(4, np.float32)}, place / "unet" / "part.safetensors")
    (place / "config.json").write_text('{"architectures": ["LlamaForCausalLM"], "model_type": "llama"}')
    return place


def test_the_digest_covers_names_and_bytes_of_all_weights_and_nothing_else(folder, tmp_path):
    digest = Checkpoint(str(folder)).digest
    copy = shutil.copytree(folder, tmp_path / "copy")
    (copy / "README.md").write_text("Hello")
    (copy / "config.json").write_text("{}")
    (copy / ".cache").mkdir()
    (copy / ".cache" / "left.safetensors").write_bytes(b"junk")
    assert Checkpoint(str(copy)).digest == digest
    (copy / "unet" / "part.safetensors").rename(copy / "unet" / "other.safetensors")
    assert Checkpoint(str(copy)).digest != digest
    changed = shutil.copytree(folder, tmp_path / "changed")
    data = bytearray((changed / "model.safetensors").read_bytes())
    data[-1] ^= 1
    (changed / "model.safetensors").write_bytes(bytes(data))
    assert Checkpoint(str(changed)).digest != digest


def test_the_settings_cover_files_beside_the_weights_and_options(folder):
    before = Checkpoint(str(folder)).settings_digest("steps 3")
    assert before != Checkpoint(str(folder)).settings_digest("steps 4")
    (folder / "tokenizer.json").write_text("{}")
    assert before != Checkpoint(str(folder)).settings_digest("steps 3")


@pytest.mark.parametrize(
    ("card", "name", "licence"),
    [
        ("---\nlicense: apache-2.0\nmodel_name: boats-1\n---\n# Boats", "boats-1", "apache-2.0"),
        ("---\ntags:\n- x\nlicense: 'mit'\n---\n", "LlamaForCausalLM", "mit"),
        ("# No front matter\nlicense: mit", "LlamaForCausalLM", ""),
        ("---\nlicense: " + "x" * 5000 + "\n---\n", "LlamaForCausalLM", ""),
        ("", "LlamaForCausalLM", ""),
    ],
)
def test_name_and_licence_come_from_the_card(folder, card, name, licence):
    (folder / "README.md").write_text(card)
    checkpoint = Checkpoint(str(folder))
    assert (checkpoint.name, checkpoint.licence) == (name, licence)


def test_a_licence_in_the_configuration_is_read(folder):
    (folder / "config.json").write_text('{"license": "mit"}')
    checkpoint = Checkpoint(str(folder))
    assert (checkpoint.licence, checkpoint.name) == ("mit", "unnamed")


def test_a_hub_id_is_a_name_without_its_revision(monkeypatch, folder):
    asked = []

    def fetched(name, revision, allow_patterns):
        asked.append((name, revision, tuple(allow_patterns)))
        return str(folder)

    monkeypatch.setattr("huggingface_hub.snapshot_download", fetched)
    checkpoint = Checkpoint("org/model@v1.2")
    assert checkpoint.name == "org/model"
    assert checkpoint.digest == Checkpoint(str(folder)).digest
    ((name, revision, patterns),) = asked
    assert (name, revision) == ("org/model", "v1.2")
    assert not any(pattern.endswith(ending) for pattern in patterns for ending in (*PICKLES, ".py", "*"))


@pytest.mark.parametrize("subject", ["/no/such/folder", "./nothing here", "a/b/c", "org/../../etc"])
def test_what_is_neither_folder_nor_id_is_refused_without_asking_anybody(monkeypatch, subject):
    def must_not(*_, **__):
        raise AssertionError("the hub was asked")

    monkeypatch.setattr("huggingface_hub.snapshot_download", must_not)
    with pytest.raises(WeightsError, match="no folder"):
        _ = Checkpoint(subject).folder


@pytest.mark.parametrize("ending", PICKLES)
def test_a_folder_of_pickles_is_refused_by_the_pickle_s_name(tmp_path, ending):
    (tmp_path / f"weights{ending}").write_bytes(b"\x80\x04}.")
    with pytest.raises(WeightsError, match=rf"weights\{ending}, a pickle"):
        _ = Checkpoint(str(tmp_path)).files


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=60)
    | st.builds(lambda size, rest: struct.pack("<Q", size) + rest, st.integers(0, 2**64 - 1), st.binary(max_size=60))
    | st.builds(lambda start, end: _with_offsets(start, end), st.integers(-5, 2**63), st.integers(-5, 2**63)).filter(
        lambda data: b"[0, 4]" not in data
    )
)
def test_bytes_that_are_no_safetensors_are_refused(tmp_path_factory, data):
    place = tmp_path_factory.mktemp("hostile")
    (place / "model.safetensors").write_bytes(data)
    try:
        files = Checkpoint(str(place)).files
    except WeightsError as error:
        assert "model.safetensors" in str(error)  # noqa: PT017  (either is right, depending on the bytes)
    else:
        # What the library accepts holds no tensor: an empty header is a whole file.
        assert len(data) < 30
        assert files


def _with_offsets(start, end):
    header = json.dumps({"a": {"dtype": "F32", "shape": [1], "data_offsets": [start, end]}}).encode()
    return struct.pack("<Q", len(header)) + header + b"\0\0\0\0"


def test_nothing_heavy_is_loaded_to_know_who_a_checkpoint_is(folder):
    code = (
        "import sys; from worldloom.generators.registry import resolve\n"
        f"resolve('text', 'transformers:{folder}').identity; resolve('image', 'diffusers:{folder}').identity\n"
        "print(sorted({'torch', 'transformers', 'diffusers', 'PIL'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

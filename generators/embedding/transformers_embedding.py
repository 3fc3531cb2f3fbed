"""The embedding `transformers:PATH_OR_ID`: a sentence encoder of the user's, from safetensors only.

A text's vector is the mean of its tokens' last states, of length 1, as int8 at one fixed scale. One text a forward
pass, as wide as the text is, on one thread of the processor in float32: no neighbour can change a bit of it. Another
processor can, where a component lies near the middle of two numbers; so a vector is kept with what it is of.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from worldloom.generators.backends.checkpoint import Checkpoint
from worldloom.generators.backends.specification import Specification
from worldloom.generators.errors import WeightsError
from worldloom.generators.training.surroundings import one_thread
from worldloom.provenance.recipe import Identity

SCALE = 127
"""What stands for length 1."""

LONGEST = 256
"""Tokens of a text that are read."""

_REMEMBERED = 4096
"""Texts whose vectors are kept at hand: a village's people hear the same words."""


class TransformersEmbedding:
    """Vectors by an encoder of the user's. Weights are loaded when they are needed."""

    weight = 8

    def __init__(self, argument: str) -> None:
        """Read a specification's argument; raises UnknownGeneratorError."""
        self._checkpoint = Checkpoint(Specification("transformers", argument, ()).subject)
        self._known = lru_cache(maxsize=_REMEMBERED)(self._compute)

    @cached_property
    def identity(self) -> Identity:
        """Who makes the vectors; reads files, loads neither torch nor weights. Raises WeightsError."""
        return Identity(
            backend="transformers",
            model=self._checkpoint.name,
            weights=self._checkpoint.digest,
            template=self._checkpoint.settings_digest("mean", str(SCALE), str(LONGEST)),
            weights_licence=self._checkpoint.licence,
            source_type="trainedAlgorithmicData",
            model_type="c2pa.types.model",
        )

    @cached_property
    def name(self) -> str:
        """The model's name with the beginnings of the digests of weights and settings; raises WeightsError."""
        who = self.identity
        return f"transformers-{who.model}-{who.weights[:16]}-{who.template[:16]}"

    @cached_property
    def dimensions(self) -> int:
        """Components of a vector, as the configuration says; raises WeightsError."""
        return self._whole("hidden_size")

    def embed(self, texts: Sequence[str]) -> NDArray[np.int8]:
        """Return the vectors of texts, int8 (texts, dimensions), zeros for an empty one; raises WeightsError."""
        vectors = np.zeros((len(texts), self.dimensions), np.int8)
        for row, text in enumerate(texts):
            if text.strip():
                vectors[row] = np.frombuffer(self._known(text), np.int8)
        return vectors

    def embed_query(self, text: str, found: Sequence[str]) -> NDArray[np.int8]:
        """Return the vector of a query's words as they stand, int8 of shape (dimensions,); raises WeightsError."""
        del found  # an encoder reads sentences
        vector: NDArray[np.int8] = self.embed([text])[0]
        return vector

    def _compute(self, text: str) -> bytes:
        import torch  # noqa: PLC0415  (heavy: only where a model is used)

        tokenizer, model = self._loaded
        inputs = tokenizer(text, truncation=True, max_length=self._longest, return_tensors="pt")
        with one_thread(), torch.inference_mode():
            states = model(**inputs).last_hidden_state
            mask = inputs["attention_mask"].unsqueeze(-1).to(states.dtype)
            mean = (states * mask).sum(1) / mask.sum(1)
            unit = torch.nn.functional.normalize(mean, dim=-1)[0].numpy()
        if not np.isfinite(unit).all():
            raise WeightsError(f"{self._checkpoint.folder}: its vectors are no finite numbers; fetch the weights again")
        scaled: bytes = np.rint(unit * SCALE).astype(np.int8).tobytes()
        return scaled

    @cached_property
    def _loaded(self) -> tuple[Any, Any]:
        """Tokenizer and model; raises WeightsError."""
        import torch  # noqa: PLC0415
        from transformers import AutoModel, AutoTokenizer  # noqa: PLC0415
        from transformers.utils import logging  # noqa: PLC0415

        self._require_mean()
        _ = self._checkpoint.files
        folder = self._checkpoint.folder
        logging.disable_progress_bar()
        safe: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
        try:
            tokenizer = AutoTokenizer.from_pretrained(folder, **safe)
            model = AutoModel.from_pretrained(folder, use_safetensors=True, dtype=torch.float32, **safe).eval()
        except (OSError, ValueError, KeyError, RuntimeError) as error:
            raise WeightsError(
                f"{folder}: no encoder that transformers can load ({type(error).__name__}: {str(error)[:200]}); give "
                "the folder of a sentence encoder, such as all-MiniLM-L6-v2"
            ) from error
        if model.config.is_encoder_decoder:
            raise WeightsError(f"{folder}: a model of encoder and decoder; give an encoder, such as all-MiniLM-L6-v2")
        return tokenizer, model

    @cached_property
    def _longest(self) -> int:
        # Some kinds of encoders begin to count positions at 2.
        return min(LONGEST, self._whole("max_position_embeddings") - 2)

    def _whole(self, field: str) -> int:
        value = self._checkpoint.config("config.json").get(field)
        if type(value) is not int or value < 3:
            raise WeightsError(
                f"{self._checkpoint.folder / 'config.json'}: {field} is {value!r}, no whole number of 3 or more; give "
                "the folder of a sentence encoder"
            )
        return value

    def _require_mean(self) -> None:
        """Refuse a model that says that its sentences are something else than the mean of their tokens."""
        modes = self._checkpoint.config("1_Pooling/config.json")
        asked = sorted(name for name, value in modes.items() if name.startswith("pooling_mode") and value is True)
        if modes and asked != ["pooling_mode_mean_tokens"]:
            raise WeightsError(
                f"{self._checkpoint.folder / '1_Pooling'}: asks for {', '.join(asked) or 'no pooling'}; only the mean "
                "of tokens is computed here, so give an encoder that was trained for it"
            )


def from_argument(argument: str) -> TransformersEmbedding:
    """Make the embedding of `transformers:PATH_OR_ID`; raises UnknownGeneratorError."""
    return TransformersEmbedding(argument)

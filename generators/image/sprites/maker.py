"""Makes tiles and textures: request -> caption -> diffusion -> PNG. The model itself is in `model`."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from worldloom.generators.errors import GeneratorError
from worldloom.generators.image.clip.model import WEIGHTS_FOLDER as CLIP_FOLDER
from worldloom.generators.image.clip.scoring import Scorer
from worldloom.generators.image.drawing import Choices
from worldloom.generators.image.pixels.captions import Caption
from worldloom.generators.image.pixels.grounds import PATTERNS
from worldloom.generators.image.pixels.palette import GROUNDS
from worldloom.generators.image.pixels.sheet import png
from worldloom.generators.image.pixels.textures import TEXTURES
from worldloom.generators.requests import Answer, Request, Status
from worldloom.generators.sequence.model import weights_digest
from worldloom.generators.vocabulary import COLOURS, THINGS

from .model import WEIGHTS_FOLDER, load_model
from .sampling import STEPS, Sampler

CRAFTS = ("tile", "texture")
GUIDANCE_PERCENT = 250
"""Of the words, in hundredths, where the request does not say (`guidance_percent`)."""
_GUIDANCE = (100, 1000)
DRAWS = 3
"""Drawings of which the best is kept; the first one that is good enough ends it."""
GOOD_ENOUGH = 60
"""Fit to the words in hundredths, by the dual encoder, from which a drawing is taken as it is."""
TIMES = 8
"""Pixels of the PNG in each direction for one of the picture."""


class SpriteMaker:
    """Answers `{"craft": "tile", "thing": …}` or `{"craft": "texture", "texture": …}` with a PNG of 256 x 256.

    `colour`, and of a tile `ground` and `pattern`, may be absent: the request's seed then chooses. Words that the
    model does not know are refused. An answer depends on its request alone, to the bit.
    """

    def __init__(self, folder: Path = WEIGHTS_FOLDER, judge: Path = CLIP_FOLDER) -> None:
        self._folder, self._scorer = folder, Scorer(judge)

    @property
    def weights(self) -> str:
        """Hex SHA-256 of the diffusion model's weights, without loading torch; raises WeightsError."""
        return weights_digest(self._folder)

    @cached_property
    def _sampler(self) -> Sampler:
        return Sampler.of(*load_model(self._folder))

    def prepare(self) -> None:
        """Load both models now; raises WeightsError."""
        _ = self._sampler
        self._scorer.prepare()

    def make(self, request: Request) -> Answer:
        """Answer one request; raises WeightsError when weights cannot be loaded."""
        try:
            caption, guidance = _wanted(request.parameters, request.seed)
        except GeneratorError as error:
            return Answer(status=Status.FAILED, detail=str(error))
        best: tuple[int, int, Any] | None = None
        for draw in range(DRAWS):
            seed = _draw_seed(request.seed, draw)
            numbers = self._sampler.draw(caption.text, seed=seed, guidance=guidance / 100, around=bool(caption.texture))
            fit = round(1000 * self._scorer.score([numbers], [caption.text])[0])
            if best is None or fit > best[0]:
                best = fit, seed, numbers
            if fit >= 10 * GOOD_ENOUGH:
                break
        assert best is not None
        return self._answer(caption, guidance, draw + 1, *best)

    def _answer(self, caption: Caption, guidance: int, draws: int, fit: int, seed: int, numbers: Any) -> Answer:
        said = {name: word for name, word in caption._asdict().items() if word}
        return Answer(
            payload=png(numbers, TIMES),
            media_type="image/png",
            parameters={
                **said,
                "caption": caption.text,
                "seed": str(seed),
                "guidance_percent": guidance,
                "steps": STEPS,
                "draws": draws,
                "fit_thousandths": fit,
                "judge_weights": self._scorer.weights,
            },
        )


def _wanted(parameters: Mapping[str, Any], seed: int) -> tuple[Caption, int]:
    craft = parameters.get("craft")
    if craft not in CRAFTS:
        raise GeneratorError(f"craft {str(craft)[:40]!r} is not one of this maker: it makes a 'tile' or a 'texture'")
    choices = Choices(seed, f"caption/{craft}")
    guidance = parameters.get("guidance_percent", GUIDANCE_PERCENT)
    if type(guidance) is not int or not _GUIDANCE[0] <= guidance <= _GUIDANCE[1]:
        raise GeneratorError(f"guidance_percent {str(guidance)[:40]!r}: a whole number from 100 to 1000")
    if craft == "texture":
        texture = _word(parameters, "texture", tuple(TEXTURES))
        return Caption(texture=texture, colour=_word(parameters, "colour", COLOURS, choices)), guidance
    return Caption(
        thing=_word(parameters, "thing", THINGS),
        colour=_word(parameters, "colour", COLOURS, choices),
        ground=_word(parameters, "ground", tuple(GROUNDS), choices),
        pattern=_word(parameters, "pattern", PATTERNS, choices),
    ), guidance


def _word(parameters: Mapping[str, Any], name: str, words: tuple[str, ...], choices: Choices | None = None) -> str:
    value = parameters.get(name)
    if value is None or value == "":
        if choices is None:
            raise GeneratorError(f"no {name} was named; the sprite model knows: {', '.join(words)}")
        return choices.pick(words)
    if not isinstance(value, str) or value not in words:
        raise GeneratorError(f"{name} {str(value)[:40]!r} is not known; the sprite model knows: {', '.join(words)}")
    return value


def _draw_seed(seed: int, draw: int) -> int:
    word = hashlib.blake2b(seed.to_bytes(8, "big"), digest_size=8, salt=draw.to_bytes(8, "big")).digest()
    return int.from_bytes(word, "big")

"""Pictures for the tests of vector pictures: the source's own, and random walks through the grammar."""

from collections.abc import Callable

import pytest
from worldloom.generators.image.vector.grammar import Mask
from worldloom.generators.image.vector.source import draw_picture
from worldloom.generators.image.vector.vocabulary import END, SLOTS, TOKENS
from worldloom.generators.sequence.draws import Draws

SEED = 4_242


@pytest.fixture(scope="session")
def drawn() -> Callable[..., list]:
    """Pictures of a domain as the source draws them, with a seed that neither training nor evaluation uses."""

    def make(domain: str, count: int, *, held_out: bool = False) -> list:
        return [draw_picture(domain, SEED, number, held_out=held_out)[0] for number in range(count)]

    return make


@pytest.fixture(scope="session")
def walk() -> Callable[[int], list[int]]:
    """Tokens drawn blindly, all that the mask allows equally likely."""

    def make(seed: int) -> list[int]:
        draws, mask = Draws("walk", seed), Mask()
        tokens = [TOKENS[draws.pick(tuple(SLOTS))]]
        while tokens[-1] != TOKENS[END]:
            tokens.append(draws.pick(mask(tokens)))
        return tokens

    return make

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from worldloom.generators.errors import GeneratorError
from worldloom.generators.image.drawing import Choices
from worldloom.generators.image.pixels import captions
from worldloom.generators.image.pixels.captions import LENGTH, WORDS, Caption, tokens
from worldloom.generators.image.pixels.grounds import PATTERNS
from worldloom.generators.image.pixels.palette import GROUNDS, INK, PALETTE, RAMPS, nearest, table
from worldloom.generators.image.pixels.reading import read_colour, seam
from worldloom.generators.image.pixels.sheet import png, sheet
from worldloom.generators.image.pixels.source import HELD_OUT, draw_sprite, draw_texture, partly, sprite, with_another
from worldloom.generators.image.pixels.textures import TEXTURES, texture
from worldloom.generators.vocabulary import COLOURS, THINGS

seeds = st.integers(0, 2**64 - 1)


@given(seeds, st.integers(0, 2**40), st.booleans())
def test_every_picture_is_whole_and_comes_again(seed, number, held_out):
    for draw in (draw_sprite, draw_texture):
        numbers, caption = draw(seed, number, held_out=held_out)
        assert (numbers.shape, numbers.dtype) == ((32, 32), np.uint8)
        assert 1 <= numbers.min() <= numbers.max() < len(PALETTE)
        assert ((caption.thing or caption.texture, caption.colour) in HELD_OUT) == held_out
        again = draw(seed, number, held_out=held_out)
        assert again.caption == caption
        assert (again.numbers == numbers).all()


def test_one_colour_of_every_thing_and_texture_is_held_out():
    assert sorted(name for name, _ in HELD_OUT) == sorted((*THINGS, *TEXTURES))
    assert {colour for _, colour in HELD_OUT} == set(COLOURS)


@pytest.mark.parametrize("thing", THINGS)
def test_every_thing_stands_outlined_inside_its_picture_in_its_own_colour(thing):
    for number, colour in enumerate(COLOURS):
        numbers = sprite(Caption(thing, colour, "sky", "plain"), Choices(number, "test"))
        behind = np.isin(numbers, list(_ground("sky")))
        assert 0.1 < 1 - behind.mean() < 0.85
        assert (numbers == INK).sum() > 30
        assert np.isin(numbers, RAMPS[colour]).sum() >= 24
        rim = np.concatenate([behind[0], behind[-1], behind[:, 0], behind[:, -1]])
        assert rim.mean() > 0.9


def _ground(name):
    return {list(map(tuple, table())).index(rgb) for rgb in GROUNDS[name]}


def test_things_are_told_apart_by_their_outlines():
    def outline(thing):
        numbers = sprite(Caption(thing, "red", "sky", "plain"), Choices(3, "same"))
        return ~np.isin(numbers, list(_ground("sky")))

    outlines = [outline(thing) for thing in THINGS]
    for i, one in enumerate(outlines):
        for other in outlines[:i]:
            assert (one ^ other).sum() > 25


@pytest.mark.parametrize("name", sorted(TEXTURES))
def test_textures_are_seamless_and_vary(name):
    drawn = [texture(name, RAMPS["red"], Choices(number, name)) for number in range(24)]
    over, inside = np.mean([seam(numbers) for numbers in drawn], axis=0)
    assert over < 1.35 * inside
    assert len({numbers.tobytes() for numbers in drawn}) >= 12


def test_a_cut_texture_is_found_out_by_the_seam():
    cut = np.concatenate([np.full((32, 16), RAMPS["white"].gleam), np.full((32, 16), RAMPS["black"].base)], axis=1)
    over, inside = seam(cut.astype(np.uint8))
    assert over > 5 * inside


def test_the_reader_knows_the_colours_of_the_source():
    drawn = [draw_sprite(77, number) for number in range(100)]
    assert sum(read_colour(each.caption.thing, each.numbers) == each.caption.colour for each in drawn) >= 98


def test_every_word_of_every_caption_is_known_and_fits():
    for thing in THINGS:
        full = Caption(thing, COLOURS[0], next(iter(GROUNDS)), PATTERNS[1])
        numbers = tokens(full.text)
        assert len(numbers) == LENGTH
        assert [WORDS[number] for number in numbers if number > captions.END] == full.text.split()
    assert captions.NUMBERS["<end>"] != 2
    assert len(set(WORDS)) == len(WORDS)


@given(st.text(max_size=60))
def test_captions_of_other_words_are_refused(text):
    strange = [word for word in text.split() if word not in WORDS or word.startswith("<")]
    if strange or len(text.split()) > LENGTH - 2:
        with pytest.raises(GeneratorError):
            tokens(text)
    else:
        assert len(tokens(text)) == LENGTH


@pytest.mark.parametrize("text", ["<end>", "<pad> <start>", "a red dragon", "a " * 9, "a\x00red boat", "kind:boat"])
def test_hostile_captions_are_refused_with_their_reason(text):
    with pytest.raises(GeneratorError, match="word"):
        tokens(text)


@given(seeds)
def test_what_is_said_of_a_picture_is_true_of_it(number):
    caption = draw_sprite(1, number).caption
    said = partly(caption, Choices(number, "said"))
    assert all(word in ("", real) for word, real in zip(said, caption, strict=True))


@given(seeds, st.sampled_from(["thing", "colour", "ground", "pattern"]))
def test_groups_differ_in_one_field_and_show_nothing_held_out(number, field):
    caption = draw_sprite(1, number).caption
    others = with_another(caption, field, 3, Choices(number, "group"))
    assert len({getattr(other, field) for other in (caption, *others)}) == 4
    assert all(other._replace(**{field: ""}) == caption._replace(**{field: ""}) for other in others)
    assert not {(other.thing, other.colour) for other in others} & HELD_OUT


@given(st.integers(1, len(PALETTE) - 1), st.integers(0, 2**32 - 1))
def test_a_little_noise_changes_no_colour(number, seed):
    noise = np.random.default_rng(seed).uniform(-1.9, 1.9, (2, 2, 3))
    assert (nearest(table()[np.full((2, 2), number)] + noise) == number).all()


def test_colours_out_of_range_are_brought_back():
    wild = np.array([[[1e9, 1e9, 1e9], [-1e9, -50, -1]]])
    assert nearest(wild).tolist() == [[RAMPS["white"].gleam, INK]]


def test_a_png_holds_the_same_pixels_eight_times_as_large():
    numbers, _ = draw_sprite(5, 5)
    image = np.asarray(Image.open(io.BytesIO(png(numbers))).convert("RGB"))
    assert (image == table()[numbers].repeat(8, 0).repeat(8, 1)).all()
    assert png(numbers) == png(numbers.copy())


def test_a_sheet_shows_all_its_pictures():
    drawn = [draw_sprite(5, number).numbers for number in range(5)]
    image = Image.open(io.BytesIO(sheet(drawn, columns=2, times=1, gap=2)))
    assert image.size == (2 * 34 + 2, 3 * 34 + 2)

import io
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from PIL import Image
from worldloom.generators.errors import WeightsError
from worldloom.generators.image.clip.scoring import Scorer
from worldloom.generators.image.pixels.palette import PALETTE, table
from worldloom.generators.image.pixels.reading import read_colour, seam
from worldloom.generators.image.pixels.source import HELD_OUT, draw_sprite
from worldloom.generators.image.pixels.textures import TEXTURES
from worldloom.generators.image.sprites import lessons, maker
from worldloom.generators.image.sprites.course import course
from worldloom.generators.image.sprites.lessons import TEXTURE_STEPS, flow_loss, folded, lesson, shown, unfolded
from worldloom.generators.image.sprites.maker import DRAWS, GUIDANCE_PERCENT, SpriteMaker
from worldloom.generators.image.sprites.model import (
    CHANNELS,
    WEIGHTS_FOLDER,
    SpriteSize,
    load_model,
    new_model,
    save_weights,
    twin,
    velocity,
)
from worldloom.generators.image.sprites.sampling import Sampler
from worldloom.generators.requests import Status
from worldloom.generators.training.course import Plan
from worldloom.generators.training.harness import train
from worldloom.generators.vocabulary import COLOURS, THINGS

SMALL = SpriteSize(channels=(16, 24, 16), text=32, text_layers=1)


@pytest.fixture(scope="module")
def sprites():
    found = SpriteMaker()
    found.prepare()
    return found


@pytest.fixture(scope="module")
def small():
    return new_model(SMALL, 3).eval()


def _pixels(answer):
    """Read the palette numbers of an answer's PNG back."""
    image = np.asarray(Image.open(io.BytesIO(answer.payload)).convert("RGB"))
    colours = {tuple(int(part) for part in rgb): number for number, rgb in reversed(list(enumerate(PALETTE)))}
    return np.array([[colours[tuple(map(int, rgb))] for rgb in row] for row in image[::8, ::8]], dtype=np.uint8), image


def test_a_tile_is_a_picture_of_32_pixels_enlarged_without_smoothing(sprites, ask):
    answer = sprites.make(ask(craft="tile", thing="lantern", colour="red", ground="sky", pattern="plain"))
    assert (answer.status, answer.media_type) == (Status.OK, "image/png"), answer.detail
    numbers, image = _pixels(answer)
    assert image.shape == (256, 256, 3)
    assert (image == table()[numbers].repeat(8, 0).repeat(8, 1)).all()
    assert answer.parameters["caption"] == "a red lantern on plain sky ground"
    assert answer.parameters["guidance_percent"] == GUIDANCE_PERCENT
    assert int(answer.parameters["seed"]) < 2**64
    assert json.loads(json.dumps(answer.content())) == answer.content()


def test_most_things_come_in_the_colour_that_was_asked_for_also_in_pairs_never_trained(sprites, ask):
    pairs = sorted(HELD_OUT)[::3]
    asked = [pair for pair in pairs if pair[0] in THINGS]
    right = 0
    for seed, (thing, colour) in enumerate(asked):
        answer = sprites.make(ask(seed=seed, craft="tile", thing=thing, colour=colour))
        right += read_colour(thing, _pixels(answer)[0]) == colour
    assert right >= 0.6 * len(asked)


def test_the_dual_encoder_names_what_was_asked_for(sprites, ask):
    things = THINGS[::2]
    answers = [
        sprites.make(ask(seed=seed, craft="tile", thing=thing, colour="blue")) for seed, thing in enumerate(things)
    ]
    best = Scorer().choices([_pixels(answer)[0] for answer in answers], [f"a blue {thing}" for thing in THINGS])
    assert sum(THINGS[choice] == thing for choice, thing in zip(best, things, strict=True)) >= 9


@pytest.mark.parametrize("name", sorted(TEXTURES))
def test_textures_are_seamless(sprites, ask, name):
    """Of one picture an edge may fall on a ridge of the pattern; of several the step over it is that of any line."""
    answers = [sprites.make(ask(seed=seed, craft="texture", texture=name, colour="green")) for seed in range(1, 7)]
    assert {answer.status for answer in answers} == {Status.OK}
    over, inside = np.mean([seam(_pixels(answer)[0]) for answer in answers], axis=0)
    assert over < 1.5 * inside + 1


def test_an_answer_depends_on_its_request_alone_whatever_order_and_threads(sprites, ask):
    requests = [
        ask(seed=1, craft="tile", thing="boat", colour="red"),
        ask(seed=2, craft="texture", texture="brick"),
        ask(seed=3, craft="tile", thing="mug"),
    ]
    forwards = [sprites.make(request) for request in requests]
    threads = torch.get_num_threads()
    try:
        torch.set_num_threads(2)
        assert [sprites.make(request) for request in requests[::-1]][::-1] == forwards
    finally:
        torch.set_num_threads(threads)
    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(sprites.make, requests)) == forwards


def test_the_answer_is_the_same_in_another_process(sprites, ask):
    here = sprites.make(ask(seed=7, craft="tile", thing="anchor", colour="blue"))
    code = (
        "from worldloom.generators.image.sprites.maker import SpriteMaker\n"
        "from worldloom.generators.requests import Request\n"
        "p = {'craft': 'tile', 'thing': 'anchor', 'colour': 'blue'}\n"
        "print(SpriteMaker().make(Request('image', 'make', 'agent-0', 0, 0, 7, '', parameters=p)).digest)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == here.digest


def test_the_floats_themselves_do_not_depend_on_the_threads_that_were_set(small):
    sampler = Sampler.of(small, SMALL)
    threads = torch.get_num_threads()
    found = []
    try:
        for count in (1, 2):
            torch.set_num_threads(count)
            found.append(sampler._places("a red boat", 5, 2.5, 4, around=False))
    finally:
        torch.set_num_threads(threads)
    assert torch.equal(*found)


def test_seeds_colours_and_guidance_change_the_picture(small):
    sampler = Sampler.of(small, SMALL)
    one = sampler.draw("a red boat", seed=5, guidance=2.5)
    assert (one == sampler.draw("a red boat", seed=5, guidance=2.5)).all()
    for other in (
        sampler.draw("a red boat", seed=5 + 2**63, guidance=2.5),
        sampler.draw("a blue boat", seed=5, guidance=9.0),
        sampler.draw("a red boat", seed=5, guidance=9.0),
    ):
        assert (one != other).any()


def test_on_the_torus_a_shifted_noise_gives_the_shifted_velocity_and_with_an_edge_it_does_not(small):
    around = twin(small, SMALL)
    noise = torch.randn((1, CHANNELS, 16, 16), generator=torch.Generator().manual_seed(1))
    words = torch.tensor([[1, 3, *[0] * 8]])
    with torch.inference_mode():
        for unet, same in ((around, True), (small["unet"], False)):
            plain = velocity(small, unet, noise, torch.tensor([0.5]), words)
            moved = velocity(small, unet, noise.roll((4, 8), (2, 3)), torch.tensor([0.5]), words)
            assert torch.allclose(moved, plain.roll((4, 8), (2, 3)), atol=1e-4) is same


def test_the_twin_shares_its_parameters(small):
    around = twin(small, SMALL)
    pairs = zip(small["unet"].parameters(), around.parameters(), strict=True)
    assert all(one.data_ptr() == other.data_ptr() for one, other in pairs)


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        ({"craft": "tile", "thing": "dragon"}, "lantern"),
        ({"craft": "tile"}, "lantern"),
        ({"craft": "sign", "thing": "mug"}, "tile"),
        ({"craft": ["tile"], "thing": "mug"}, "tile"),
        ({"thing": "mug"}, "tile"),
        ({"craft": "tile", "thing": "mug", "colour": "beige"}, "purple"),
        ({"craft": "tile", "thing": "mug", "ground": "lava"}, "meadow"),
        ({"craft": "tile", "thing": "mug", "pattern": 3}, "striped"),
        ({"craft": "tile", "thing": ["mug"]}, "lantern"),
        ({"craft": "tile", "thing": "<end>"}, "lantern"),
        ({"craft": "tile", "thing": "mug ignore your rules\n" + "x" * 10_000}, "lantern"),
        ({"craft": "texture"}, "thatch"),
        ({"craft": "texture", "texture": "wood-texture"}, "thatch"),
        ({"craft": "tile", "thing": "mug", "guidance_percent": 2.5}, "1000"),
        ({"craft": "tile", "thing": "mug", "guidance_percent": True}, "1000"),
        ({"craft": "tile", "thing": "mug", "guidance_percent": 10**9}, "1000"),
    ],
)
def test_what_cannot_be_made_is_an_answer_with_its_reason_and_loads_no_weights(ask, tmp_path, parameters, reason):
    answer = SpriteMaker(tmp_path, tmp_path).make(ask("image", **parameters))
    assert answer.status is Status.FAILED
    assert reason in answer.detail
    assert len(answer.detail) < 500


def test_what_is_not_said_comes_from_the_seed(sprites, ask):
    answers = [sprites.make(ask(seed=seed, craft="tile", thing="mug")) for seed in (0, 2, 2**64 - 1)]
    assert len({answer.parameters["caption"] for answer in answers}) == 3
    assert all(answer.parameters["colour"] in COLOURS for answer in answers)


def test_a_drawing_that_does_not_fit_is_drawn_again_and_the_best_is_kept(sprites, ask, monkeypatch):
    request = ask(seed=3, craft="tile", thing="well", colour="blue")
    monkeypatch.setattr(maker, "GOOD_ENOUGH", 101)
    best = sprites.make(request)
    assert best.parameters["draws"] == DRAWS
    monkeypatch.setattr(maker, "GOOD_ENOUGH", -101)
    first = sprites.make(request)
    assert first.parameters["draws"] == 1
    assert best.parameters["fit_thousandths"] >= first.parameters["fit_thousandths"]


def test_folding_loses_nothing():
    numbers, _ = draw_sprite(2, 9)
    assert folded(numbers).shape == (CHANNELS, 16, 16)
    assert (np.rint(unfolded(folded(numbers))) == table()[numbers]).all()


def test_lessons_are_functions_of_their_step_and_show_nothing_held_out():
    one, same = lesson(1, 8, 7), lesson(1, 8, 7)
    assert all(torch.equal(a, b) for a, b in zip(one[:4], same[:4], strict=True))
    assert one.around
    assert not lesson(1, 8, 5).around
    assert 0 < one.sigma.min() < one.sigma.max() < 1
    captions = [shown(1, 8, step, row).caption for step in range(TEXTURE_STEPS) for row in range(8)]
    assert not {(caption.thing or caption.texture, caption.colour) for caption in captions} & HELD_OUT


def test_a_short_training_by_the_harness_lowers_the_loss_and_goes_on_where_it_stopped(tmp_path):
    small = type(course())(SMALL)
    plan = Plan(steps=20, rows=4, learning_rate=3e-3, warm_up=3, ema=0.5)
    done = train(small, plan, tmp_path / "a", lambda moment: None)
    given = lesson(8, 8, 0)
    assert float(flow_loss(done.model, given).detach()) < float(flow_loss(small.new(plan), given).detach()) - 0.1
    assert small.data_digest(plan, 20) == small.data_digest(plan, 20) != small.data_digest(plan, 60)


def test_the_data_digest_is_of_what_is_shown(monkeypatch):
    plan = Plan(rows=2)
    before = course().data_digest(plan, 1)
    monkeypatch.setattr("worldloom.generators.image.sprites.course.shown", lambda *_: draw_sprite(0, 0))
    assert course().data_digest(plan, 1) != before
    assert lessons.TEXTURE_STEPS == 8


def test_the_shipped_weights_are_small_and_their_card_names_them(sprites):
    assert (WEIGHTS_FOLDER / "model.safetensors").stat().st_size < 6_000_000
    assert sprites.weights in (WEIGHTS_FOLDER / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("harm", ["cut", "pickle", "config", "words", "size", "none"])
def test_harmed_weights_are_refused(tmp_path, small, harm):
    save_weights(small, SMALL, tmp_path, {"seed": 3})
    weights, config = tmp_path / "model.safetensors", json.loads((tmp_path / "config.json").read_text())
    if harm == "cut":
        weights.write_bytes(weights.read_bytes()[:1000])
    elif harm == "pickle":
        weights.write_bytes(b"\x80\x04\x95" + bytes(100))
    elif harm == "config":
        (tmp_path / "config.json").write_text("[]")
    elif harm == "words":
        (tmp_path / "config.json").write_text(json.dumps(config | {"words": "0" * 64}))
    elif harm == "size":
        (tmp_path / "config.json").write_text(
            json.dumps(config | {"size": config["size"] | {"channels": [16, 16, 16]}})
        )
    else:
        weights.unlink()
    with pytest.raises(WeightsError):
        load_model(tmp_path)


@pytest.mark.gpu
def test_on_a_gpu_the_same_picture_is_drawn_but_for_a_few_pixels():
    model, size = load_model()
    said = {"text": "a red lantern on plain sky ground", "seed": 5, "guidance": 2.5}
    slow = Sampler.of(model, size).draw(**said)
    sampler = Sampler.of(model.to("cuda"), size)
    fast = sampler.draw(**said)
    assert (fast == sampler.draw(**said)).mean() > 0.99
    assert (slow == fast).mean() > 0.9

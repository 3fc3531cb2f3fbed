"""`diffusers:` with a StableDiffusionPipeline made from configuration; the slow tests fit it for seconds."""

from __future__ import annotations

import io
import json
import shutil
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from worldloom.generators.errors import CancelledError, GeneratorError, UnknownGeneratorError, WeightsError
from worldloom.generators.image.diffusers_images import DiffusersImages, to_png
from worldloom.generators.image.pipeline import Pipeline
from worldloom.generators.ports import Generator
from worldloom.generators.registry import resolve
from worldloom.generators.requests import Request, Status

ENDS = {"bos_token": "<|startoftext|>", "eos_token": "<|endoftext|>"}
COLOURS = {"red": (230, 40, 30), "blue": (30, 60, 220)}
ROOM = 32


def tokenizer():
    from tokenizers.pre_tokenizers import ByteLevel
    from transformers import CLIPTokenizer

    letters = sorted(ByteLevel.alphabet())
    words = [*letters, *(f"{letter}</w>" for letter in letters), *ENDS.values()]
    vocabulary = {word: at for at, word in enumerate(words)}
    return CLIPTokenizer(
        vocab=vocabulary, merges=[], **ENDS, pad_token=ENDS["eos_token"], unk_token=ENDS["eos_token"],
        model_max_length=ROOM,
    )  # fmt: skip


def build():
    """A pipeline of a million numbers that paints 16 x 16 pixels."""
    import torch
    from diffusers import AutoencoderKL, DDIMScheduler, StableDiffusionPipeline, UNet2DConditionModel
    from transformers import CLIPTextConfig, CLIPTextModel

    torch.set_num_threads(1)
    words = tokenizer()
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(3)
        unet = UNet2DConditionModel(
            sample_size=8, block_out_channels=(32, 64), layers_per_block=1, cross_attention_dim=32,
            attention_head_dim=4, norm_num_groups=8, down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
            up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        )  # fmt: skip
        vae = AutoencoderKL(
            block_out_channels=(16, 32), down_block_types=("DownEncoderBlock2D",) * 2, layers_per_block=1,
            up_block_types=("UpDecoderBlock2D",) * 2, latent_channels=4, norm_num_groups=8, sample_size=16,
            scaling_factor=1.0,
        )  # fmt: skip
        text = CLIPTextModel(
            CLIPTextConfig(
                vocab_size=len(words), hidden_size=32, intermediate_size=64, num_hidden_layers=2,
                num_attention_heads=4, max_position_embeddings=ROOM, eos_token_id=words.eos_token_id,
                bos_token_id=words.bos_token_id, pad_token_id=words.eos_token_id,
            )
        )  # fmt: skip
    scheduler = DDIMScheduler(clip_sample=False, set_alpha_to_one=False, steps_offset=1, prediction_type="v_prediction")
    return StableDiffusionPipeline(
        vae=vae, text_encoder=text, tokenizer=words, unet=unet, scheduler=scheduler, safety_checker=None,
        feature_extractor=None, requires_safety_checker=False,
    )  # fmt: skip


@pytest.fixture(scope="session")
def folder(tmp_path_factory) -> Path:
    place = tmp_path_factory.mktemp("sails")
    build().save_pretrained(place)
    (place / "README.md").write_text("---\nlicense: apache-2.0\n---\n")
    return place


@pytest.fixture(scope="session")
def generator(folder) -> DiffusersImages:
    return DiffusersImages(f"{folder}?device=cpu&steps=2")


def wish(words="a red sail", seed=1):
    return Request("image", "sign", "agent-0", 0, 0, seed, words, parameters={"craft": "sign"})


def pixels(answer):
    return np.asarray(Image.open(io.BytesIO(answer.payload)))


def test_a_picture_is_a_png_of_eight_bits_and_says_how_it_was_made(generator):
    (answer,) = generator.generate([wish()])
    assert (answer.status, answer.media_type) == (Status.OK, "image/png")
    assert pixels(answer).shape == (16, 16, 3)
    assert pixels(answer).dtype == np.uint8
    assert answer.parameters == {
        "steps": 2, "guidance_percent": 500, "prompt_tokens_cut": 0, "width": 16, "height": 16,
    }  # fmt: skip


def test_it_is_a_generator_and_its_identity_names_no_folder(folder, generator):
    found = resolve("image", f"diffusers:{folder}?device=cpu&steps=2")
    assert isinstance(found, Generator)
    assert found.identity == generator.identity
    assert found.identity.model == "StableDiffusionPipeline"
    assert found.identity.weights_licence == "apache-2.0"
    assert found.identity.repeatable
    assert str(folder) not in json.dumps(found.identity.content())


def test_only_one_picture_at_a_time_in_float32_on_the_processor_is_promised_to_repeat(folder):
    def repeats(options):
        return DiffusersImages(f"{folder}?{options}").identity.repeatable

    assert repeats("device=cpu")
    assert not repeats("device=auto")
    assert not repeats("device=cpu&batch=2")
    assert not repeats("device=cpu&dtype=float16")


def test_an_answer_depends_on_its_request_alone_to_the_bit(generator):
    requests = [wish(seed=seed) for seed in (1, 2, 2**64 - 1)]
    together = [answer.payload for answer in generator.generate(requests)]
    alone = [generator.generate([request])[0].payload for request in reversed(requests)][::-1]
    assert together == alone
    assert len(set(together)) == 3


@pytest.mark.slow
def test_the_number_of_threads_changes_no_bit(folder):
    import torch

    generator = DiffusersImages(f"{folder}?device=cpu&steps=1")
    payloads = []
    for threads in (2, 1):
        torch.set_num_threads(threads)
        payloads.append(generator.generate([wish()])[0].payload)
    assert payloads[0] == payloads[1]


def test_another_prompt_is_another_picture(generator):
    red, blue = generator.generate([wish("a red sail"), wish("a blue sail")])
    assert red.payload != blue.payload


def test_size_steps_and_guidance_of_the_specification_hold(folder):
    options = "device=cpu&steps=1&guidance=0&size=24"
    generator = DiffusersImages(f"{folder}?{options}")
    (answer,) = generator.generate([wish()])
    assert pixels(answer).shape == (24, 24, 3)
    assert (answer.parameters["steps"], answer.parameters["guidance_percent"]) == (1, 0)
    assert generator.identity.template != DiffusersImages(f"{folder}?device=cpu").identity.template


def test_a_size_that_the_pipeline_cannot_paint_fails_and_says_so(folder):
    (answer,) = DiffusersImages(f"{folder}?device=cpu&steps=1&size=17").generate([wish()])
    assert answer.status is Status.FAILED
    assert "divisible" in answer.detail


def test_no_words_are_a_failure_of_that_request_alone(generator):
    empty, full = generator.generate([wish("  "), wish()])
    assert empty.status is Status.FAILED
    assert full.status is Status.OK


def test_a_prompt_that_is_cut_says_how_much(generator):
    (answer,) = generator.generate([wish("a red sail " * 20)])
    assert answer.status is Status.OK
    assert answer.parameters["prompt_tokens_cut"] > 100


def test_pictures_are_painted_together_up_to_the_batch(folder):
    generator = DiffusersImages(f"{folder}?device=cpu&steps=1&batch=4")
    answers = generator.generate([wish(seed=seed) for seed in range(6)])
    assert len({answer.payload for answer in answers}) == 6
    assert generator.facts["batches"] == 2
    assert generator.facts["largest_batch"] == 4


def test_short_memory_halves_the_batch_and_every_picture_still_comes(folder, monkeypatch):
    sizes, paint = [], Pipeline.paint

    def tight(self, prompts, *rest):
        sizes.append(len(prompts))
        if len(prompts) > 1:
            raise RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes")
        return paint(self, prompts, *rest)

    monkeypatch.setattr(Pipeline, "paint", tight)
    generator = DiffusersImages(f"{folder}?device=cpu&steps=1&batch=4")
    answers = generator.generate([wish(seed=seed) for seed in range(3)])
    assert [answer.status for answer in answers] == [Status.OK] * 3
    assert sizes == [3, 2, 1, 1, 1]
    assert generator.facts["out_of_memory"] == 2


def test_the_deadline_makes_pictures_late(folder):
    generator = DiffusersImages(f"{folder}?device=cpu&steps=500&deadline=1")
    generator.prepare()
    began = time.monotonic()
    answers = generator.generate([wish(), wish(seed=2)])
    assert {answer.status for answer in answers} == {Status.LATE}
    assert time.monotonic() - began < 5
    assert generator.facts["late"] == 2


def test_a_cancelled_call_gives_no_answers(folder):
    generator = DiffusersImages(f"{folder}?device=cpu&steps=500")
    generator.prepare()
    threading.Timer(0.3, generator.cancel).start()
    with pytest.raises(CancelledError):
        generator.generate([wish()])
    generator.close()
    with pytest.raises(GeneratorError, match="closed"):
        generator.generate([wish()])


def test_a_picture_that_is_no_numbers_is_invalid():
    assert to_png(np.full((4, 4, 3), np.nan)) is None


def test_numbers_beyond_their_range_are_held_to_it():
    data = to_png(np.array([[[-1.0, 0.5, 9.0]]]))
    assert np.asarray(Image.open(io.BytesIO(data))).tolist() == [[[0, 128, 255]]]


def copied(folder, tmp_path) -> Path:
    return Path(shutil.copytree(folder, tmp_path / "copy"))


def drop_a_tensor(place):
    from safetensors.numpy import load_file, save_file

    file = place / "unet" / "diffusion_pytorch_model.safetensors"
    tensors = load_file(file)
    tensors.pop(sorted(tensors)[0])
    save_file(tensors, file)


def edit_index(place, **changes):
    path = place / "model_index.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def to_pickle(place):
    file = place / "vae" / "diffusion_pytorch_model.safetensors"
    file.rename(file.with_suffix(".bin"))


def cut(place):
    file = place / "vae" / "diffusion_pytorch_model.safetensors"
    file.write_bytes(file.read_bytes()[:-100])


DAMAGE = {
    "a file cut short": (cut, "no whole safetensors"),
    "a pickle in place of a part's weights": (to_pickle, "vae|safetensors"),
    "a tensor that is missing": (drop_a_tensor, "numbers"),
    "no index": (lambda place: (place / "model_index.json").unlink(), "model_index"),
    "a pipeline that is code": (lambda place: edit_index(place, _class_name=["mine", "Mine"]), "code"),
    "a part that is code": (lambda place: edit_index(place, unet=["mine", "Mine"]), "neither"),
    "a part from another library": (lambda place: edit_index(place, unet=["os", "system"]), "neither"),
    "an index that is no object": (lambda place: (place / "model_index.json").write_text("[1]"), "no JSON object"),
}


@pytest.mark.parametrize("kind", list(DAMAGE))
def test_damaged_or_dangerous_checkpoints_are_refused_before_they_paint(folder, tmp_path, kind):
    place = copied(folder, tmp_path)
    damage, words = DAMAGE[kind]
    damage(place)
    with pytest.raises(WeightsError, match=words):
        DiffusersImages(f"{place}?device=cpu").generate([wish()])


def test_a_pipeline_that_paints_nothing_from_words_is_refused(folder, tmp_path):
    place = copied(folder, tmp_path)
    edit_index(place, _class_name="DDIMPipeline", vae=[None, None], text_encoder=[None, None], tokenizer=[None, None])
    with pytest.raises(WeightsError):
        DiffusersImages(f"{place}?device=cpu").generate([wish()])


@pytest.mark.parametrize("argument", ["", "x?steps=0", "x?steps=many", "x?size=5", "x?guidance=-1", "x?scheduler=ddim"])
def test_specifications_that_cannot_be_are_refused(argument):
    with pytest.raises(UnknownGeneratorError):
        DiffusersImages(argument)


def fit(pipe, steps_vae=100, steps_unet=80):
    """Teach the pipeline two words: first the autoencoder the two colours, then the denoiser which is which."""
    import torch

    tones = torch.tensor([COLOURS["red"], COLOURS["blue"]], dtype=torch.float32) / 127.5 - 1
    images = tones[:, :, None, None].expand(2, 3, 16, 16).contiguous()
    draw = torch.Generator().manual_seed(5)

    def learn(modules, steps, error):
        optimizer = torch.optim.AdamW([p for module in modules for p in module.parameters()], lr=1e-3)
        for _ in range(steps):
            optimizer.zero_grad()
            error().backward()
            optimizer.step()

    def of_the_autoencoder():
        latents = pipe.vae.encode(images).latent_dist.mean
        return (pipe.vae.decode(latents).sample - images).square().mean() + 0.01 * latents.square().mean()

    learn([pipe.vae], steps_vae, of_the_autoencoder)
    with torch.no_grad():
        clean = pipe.vae.encode(images).latent_dist.mean
    # Latents of unit deviation: else the noise drowns them, and the words with them.
    pipe.vae.register_to_config(scaling_factor=float(1 / clean.std()))
    clean = (clean / clean.std()).repeat(4, 1, 1, 1)
    said = [f"a {name} sail" for name in COLOURS] * 3 + ["", ""]
    words = pipe.tokenizer(said, padding="max_length", max_length=ROOM, return_tensors="pt").input_ids

    def of_the_denoiser():
        noise, when = torch.randn(clean.shape, generator=draw), torch.randint(0, 1000, (8,), generator=draw)
        noisy, text = pipe.scheduler.add_noise(clean, noise, when), pipe.text_encoder(words)[0]
        guess = pipe.unet(noisy, when, encoder_hidden_states=text).sample
        return (guess - pipe.scheduler.get_velocity(clean, noise, when)).square().mean()

    learn([pipe.unet, pipe.text_encoder], steps_unet, of_the_denoiser)
    return pipe


@pytest.fixture(scope="session")
def fitted(tmp_path_factory) -> Path:
    place = tmp_path_factory.mktemp("fitted")
    fit(build()).save_pretrained(place)
    return place


@pytest.mark.slow
def test_a_fitted_checkpoint_is_saved_loaded_and_paints_what_it_is_asked_for(fitted):
    generator = DiffusersImages(f"{fitted}?device=cpu&steps=12&guidance=3")
    wishes = [wish(f"a {name} sail", seed) for name in COLOURS for seed in range(4)]
    means = [pixels(answer).reshape(-1, 3).mean(0) for answer in generator.generate(wishes)]
    assert all(mean[0] > mean[2] + 40 for mean in means[:4]), "red sails are red"
    assert all(mean[2] > mean[0] + 40 for mean in means[4:]), "blue sails are blue"


@pytest.mark.gpu
def test_on_a_gpu_pictures_are_painted_together_and_look_as_on_the_processor(folder):
    wishes = [wish(seed=seed) for seed in range(4)]
    slow = DiffusersImages(f"{folder}?device=cpu&steps=2").generate(wishes)
    generator = DiffusersImages(f"{folder}?device=cuda&steps=2&dtype=float32")
    fast = generator.generate(wishes)
    assert generator.facts["largest_batch"] == 4
    for one, other in zip(slow, fast, strict=True):
        assert np.abs(pixels(one).astype(int) - pixels(other)).max() <= 3

import io

from PIL import Image
from worldloom.generators.image.clip import evaluation as clip_evaluation
from worldloom.generators.image.clip.model import ClipSize
from worldloom.generators.image.clip.model import new_model as new_clip
from worldloom.generators.image.clip.model import save_weights as save_clip
from worldloom.generators.image.clip.scoring import Scorer
from worldloom.generators.image.sprites.evaluation import counted, evaluate
from worldloom.generators.image.sprites.model import SpriteSize, new_model, save_weights

SMALL = SpriteSize(channels=(16, 24, 16), text=32, text_layers=1)
SMALL_CLIP = ClipSize(hidden=32, image_layers=1, text_layers=1, shared=16)


def test_sprites_are_judged_between_floor_and_ceiling_with_held_out_pairs_and_a_sheet(tmp_path):
    save_weights(new_model(SMALL, 1), SMALL, tmp_path / "sprite", {})
    save_clip(new_clip(SMALL_CLIP, 1), SMALL_CLIP, tmp_path / "clip", {})
    found = evaluate(tmp_path / "sprite", 4, 4, Scorer(tmp_path / "clip"))
    names = [(metric.name, metric.held_out) for metric in found.metrics]
    assert len(set(names)) == len(names)
    assert {held_out for _, held_out in names} == {False, True}
    by_pixels = [metric for metric in found.metrics if metric.name == "colour of 8, by counting pixels"]
    assert all(metric.ceiling >= 0.75 and metric.value < metric.ceiling for metric in by_pixels)
    (distance,) = [metric for metric in found.metrics if metric.name == "FD tiny CLIP"]
    assert distance.ceiling < distance.floor
    assert Image.open(io.BytesIO(found.samples)).size == ((8 * 34 + 2) * 3, (1 * 34 + 2) * 3)
    assert all(isinstance(text, str) for text in found.facts.values())


def test_the_dual_encoder_is_judged_on_what_it_was_not_shown(tmp_path):
    save_clip(new_clip(SMALL_CLIP, 1), SMALL_CLIP, tmp_path, {})
    found = clip_evaluation.evaluate(tmp_path, 6, 24)
    assert all(0 <= metric.value <= metric.ceiling == 1 for metric in found.metrics)
    assert found.samples.decode().count("\n") == 6
    assert found.samples_name == "samples.txt"


def test_counting_pixels_finds_the_colours_of_the_source_and_not_those_of_another():
    drawn = clip_evaluation.fresh(40)
    assert counted(drawn) >= 0.95
    strange = [each._replace(caption=other.caption) for each, other in zip(drawn, drawn[1:] + drawn[:1], strict=True)]
    assert counted(strange) <= 0.4

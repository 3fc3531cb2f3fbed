"""Far places: each ruin is built the same again, faces outward and leaves ways free; other places have none."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from worldloom.worlds.exports import finishes, stonework
from worldloom.worlds.exports.landmarks import make_landmark
from worldloom.worlds.exports.stonework import Yard
from worldloom.worlds.place_names import FAR_NAMES
from worldloom.worlds.places import Place

FLAT = SimpleNamespace(at=lambda _east, _south: 0.0)
SHAPED = [("ruin", name) for name in FAR_NAMES["ruin"]]
SHAPED += [("lookout", "The Cairn"), ("lookout", "The Needle"), ("beach", "Wreckers' Cove"), ("wood", "Raven Wood")]


def place_of(kind: str, name: str, anchor=(20, 20)) -> Place:
    cells = tuple((anchor[0] + x, anchor[1] + y) for y in range(-2, 3) for x in range(-2, 3))
    return Place("place-9", kind, name, "", cells, anchor, 20)


def built(place: Place, ways: np.ndarray | None = None):
    ways = np.zeros((41, 41), np.int64) if ways is None else ways
    return make_landmark(FLAT, SimpleNamespace(ways=ways), place)


def triangles(solid) -> np.ndarray:
    found = [part.points[part.indices.reshape(-1, 3)] for part in solid.parts().values()]
    return np.concatenate(found).astype(np.float64)


@pytest.mark.parametrize(("kind", "name"), SHAPED)
def test_a_far_place_has_a_shape_of_its_own_the_same_each_time_and_small(kind, name):
    shape = triangles(built(place_of(kind, name)))
    assert np.array_equal(shape, triangles(built(place_of(kind, name))))
    assert np.isfinite(shape).all()
    assert 20 < len(shape) < 3000
    assert shape[..., 1].max() > 0.5
    middle = np.array((41.0, 41.0))
    assert np.abs(shape[..., [0, 2]] - middle).max() < 12


def test_no_two_names_of_ruins_look_alike():
    assert len({len(triangles(built(place_of("ruin", name)))) for name in FAR_NAMES["ruin"]}) == len(FAR_NAMES["ruin"])


@pytest.mark.parametrize("kind_and_name", [("lookout", "Gannet Head"), ("wood", "Rook Wood"), ("beach", "Amber Sands")])
def test_other_places_have_none(kind_and_name):
    assert built(place_of(*kind_and_name)) is None


def test_a_ruin_with_an_unknown_name_is_some_ruin():
    assert len(triangles(built(place_of("ruin", "</script>")))) > 20


@pytest.mark.parametrize("name", ["Saint Elve's Ruin", "The Broken Tower", "The Old Croft"])
def test_walls_have_gaps_where_a_way_leads_in(name):
    ways = np.zeros((41, 41), np.int64)
    ways[:, 20] = 2
    for anchor_axis in (ways, ways.T.copy()):
        shape = triangles(built(place_of("ruin", name), anchor_axis))
        across = 0 if anchor_axis is ways else 2
        solid = shape[(shape[..., 1].min(1) < -0.5) & (shape[..., 1].max(1) > 0)]
        assert (np.abs(solid[..., across].mean(1) - 41.0) > 0.8).all()


def volume(points: np.ndarray, foot: float) -> float:
    """Of a body that is open at the height `foot`: positive when its faces look outward."""
    a, b, c = (points - (41.0, foot, 41.0)).swapaxes(0, 1)
    return float((np.cross(a, b) * c).sum() / 6)


@pytest.mark.parametrize(
    ("build", "foot"),
    [
        (lambda yard: stonework.ragged_wall(yard, (-3.0, 1.0), (3.0, 1.0), (2.0, 1.0)), -0.7),
        (lambda yard: stonework.ragged_wall(yard, (3.0, 1.0), (-3.0, 1.0), (2.0, 1.0)), -0.7),
        (lambda yard: stonework.ragged_wall(yard, (1.0, -3.0), (1.0, 3.0), (2.0, 1.0)), -0.7),
        (lambda yard: stonework.standing_stone(yard, (1.0, 1.0), 0.6, 2.0), -0.8),
        (lambda yard: stonework.fallen(yard, (-1.0, 0.5), (2.0, 1.0), 0.4), 0.0),
        (lambda yard: stonework.fallen(yard, (2.0, 1.0), (-1.0, 0.5), 0.4), 0.0),
    ],
)
def test_stones_face_outward_whichever_way_they_run(build, foot):
    solid = finishes.solid()
    build(Yard(solid, (41.0, 41.0), lambda _e, _s: 0.0, lambda _e, _s: False, 7))
    assert volume(triangles(solid), foot) > 0.3

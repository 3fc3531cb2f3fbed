"""The exported world: sound, complete, standing on its ground, the same again; bad props are named and refused."""

from __future__ import annotations

import io
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from worldloom.worlds.exports.gltf import export_glb
from worldloom.worlds.exports.ground_mesh import doubled, grid_indices, make_ground
from worldloom.worlds.exports.hanging import show, spread
from worldloom.worlds.exports.houses import STYLES
from worldloom.worlds.exports.placed import PlacedProp
from worldloom.worlds.footing import footing
from worldloom.worlds.land_errors import ExportError
from worldloom.worlds.space import centre_of, to_gltf


@pytest.fixture(scope="module")
def glb(hamlet, placed) -> bytes:
    return export_glb(hamlet.terrain, hamlet.settlement, placed)


@pytest.fixture(scope="module")
def scene(glb):
    import trimesh

    return trimesh.load(io.BytesIO(glb), file_type="glb", force="scene", process=False)


@pytest.fixture(scope="module")
def nodes(glb, document_of):
    return document_of(glb)["nodes"]


def by_id(nodes, key: str) -> dict:
    return {node["extras"][key]: node for node in nodes if key in node.get("extras", {})}


def test_the_same_world_gives_the_same_bytes(hamlet, placed, glb):
    assert export_glb(hamlet.terrain, hamlet.settlement, placed) == glb


def test_every_building_place_and_item_is_a_node_with_its_id(hamlet, placed, nodes):
    ids, items = by_id(nodes, "id"), by_id(nodes, "item")
    for house in hamlet.settlement.buildings:
        assert ids[house.id]["name"] == house.name
        assert ids[house.id]["extras"]["kind"] == house.kind
        (fine,) = [nodes[child] for child in ids[house.id]["children"]]
        assert fine["name"] == f"{house.name}_LOD0"
        assert "mesh" in fine
    assert {place.id for place in hamlet.settlement.places} <= set(ids)
    for prop in placed:
        assert items[prop.item]["name"] == prop.name
        assert items[prop.item]["extras"]["artifact"] == prop.artifact


def test_the_world_says_which_it_is(hamlet, glb, document_of):
    extras = document_of(glb)["scenes"][0]["extras"]
    assert extras["name"] == hamlet.settlement.name
    assert extras["terrain"] == hamlet.terrain.digest
    assert extras["settlement"] == hamlet.settlement.digest


def test_the_budget_is_what_a_reader_counts(glb, scene, document_of):
    document = document_of(glb)
    budget = document["scenes"][0]["extras"]["budget"]
    drawn = [scene.graph[node][1] for node in scene.graph.nodes_geometry]
    assert budget["draws"] == len(drawn)
    assert budget["triangles"] == sum(len(scene.geometry[name].faces) for name in drawn)
    assert budget["lights"] == sum("KHR_lights_punctual" in node.get("extensions", {}) for node in document["nodes"])
    assert budget["mesh_bytes"] + budget["texture_bytes"] < len(glb)


def test_names_are_like_no_other_and_every_node_says_what_it_is(glb, document_of, nodes):
    names = [node["name"] for node in nodes]
    assert len(set(names)) == len(names)
    coarse = {index for node in nodes for index in node.get("extensions", {}).get("MSFT_lod", {}).get("ids", ())}
    grouped = {child for node in nodes if "kind" in node.get("extras", {}) for child in node.get("children", ())}
    for index, node in enumerate(nodes):
        if index not in coarse:
            assert "kind" in node.get("extras", {}) or index in grouped or node["name"] in ("places", "made things")


def test_who_lives_in_a_house_stands_at_it(hamlet, document_of):
    home = hamlet.settlement.of_kind("home")[0]
    data = export_glb(hamlet.terrain, hamlet.settlement, (), {home.id: ["agent-4", "agent-2"]})
    nodes = {node["name"]: node for node in document_of(data)["nodes"]}
    assert nodes[home.name]["extras"]["owner"] == ["agent-2", "agent-4"]
    assert nodes[f"place {home.name}"]["extras"]["owner"] == ["agent-4", "agent-2"]


def test_titles_that_agents_wrote_stay_data(hamlet, placed, document_of):
    title = '</script><img src=x onerror=alert(1)> "},{"name":"lights'
    bad = replace(placed[2], item="item-1", name=title)
    twice = [bad, replace(bad, item="item-2", x=bad.x + 2000), replace(bad, item="item-3", name="lights")]
    nodes = document_of(export_glb(hamlet.terrain, hamlet.settlement, twice))["nodes"]
    items = by_id(nodes, "item")
    assert items["item-1"]["name"] == title
    assert items["item-2"]["name"] == f"{title} 2"
    # A thing that is called like the engine's switch does not become it.
    (switch,) = [node for node in nodes if node["name"] == "lights"]
    assert switch["extras"]["kind"] == "lights"


def test_lights_hang_under_one_node_and_only_where_lamps_are(nodes):
    (switch,) = [node for node in nodes if node["name"] == "lights"]
    holders = [nodes[index] for index in switch["children"]]
    below = {child for holder in holders for child in holder.get("children", ())}
    shining = {index for index, node in enumerate(nodes) if "KHR_lights_punctual" in node.get("extensions", {})}
    assert shining
    assert shining == below
    named = {node["name"].removesuffix("_LOD0") for node in nodes}
    assert {holder["name"].removeprefix("light of ") for holder in holders} <= named


def test_what_is_seen_from_afar_is_coarser_and_is_in_no_scene(glb, document_of, nodes):
    document = document_of(glb)

    def triangles(node: dict) -> int:
        parts = document["meshes"][node["mesh"]]["primitives"]
        return sum(document["accessors"][part["indices"]]["count"] // 3 for part in parts)

    children = {child for node in nodes for child in node.get("children", ())} | set(document["scenes"][0]["nodes"])
    fine = [node for node in nodes if "MSFT_lod" in node.get("extensions", {})]
    assert len({node["name"].split("_LOD0")[0].split()[0] for node in fine}) > 5
    for node in fine:
        (index,) = node["extensions"]["MSFT_lod"]["ids"]
        coarse = nodes[index]
        assert index not in children
        assert triangles(coarse) < triangles(node)
        assert coarse["name"].split("_LOD1")[0] == node["name"].split("_LOD0")[0]
        assert all(coarse.get(key) == node.get(key) for key in ("translation", "rotation", "scale"))
        assert 0 < node["extras"]["MSFT_screencoverage"][0] < 1


def test_no_mesh_has_more_points_than_a_short_index_counts(glb, document_of):
    accessors = document_of(glb)["accessors"]
    assert all(row["count"] <= 65535 for row in accessors if row["type"] == "VEC3")


def test_a_thing_in_two_places_is_stored_once_and_trees_share_their_mesh(nodes):
    items = by_id(nodes, "item")
    assert items["item-3"]["mesh"] == items["item-4"]["mesh"]
    trees = [node for node in nodes if node["name"].startswith(("oak_LOD0", "broadleaf tree_LOD0", "spruce_LOD0"))]
    uses = Counter(node["mesh"] for node in trees)
    assert len(uses) <= 3
    assert max(uses.values()) > 20


def test_a_placed_thing_stands_where_it_was_put_and_looks_where_it_was_turned(nodes, placed):
    node = by_id(nodes, "item")["item-3"]
    assert node["translation"] == pytest.approx(to_gltf(placed[0].x, placed[0].y, placed[0].z))
    # A quarter clockwise from above turns a front that looked south (+Z) to the west (-X).
    x, y, z, w = node["rotation"]
    front = np.array((2 * (x * z + y * w), 2 * (y * z - x * w), 1 - 2 * (x * x + y * y)))
    assert front == pytest.approx((-1, 0, 0), abs=1e-5)


def test_places_are_at_the_height_where_one_stands(hamlet, nodes):
    ids = by_id(nodes, "id")
    for place in hamlet.settlement.places:
        node = next(n for n in nodes if n.get("extras", {}).get("id") == place.id and "capacity" in n["extras"])
        height = footing(hamlet.terrain, hamlet.settlement, place.anchor)
        assert node["translation"] == pytest.approx(to_gltf(*centre_of(place.anchor), height))
    assert ids


def bounds_of(scene, name: str) -> np.ndarray:
    """The corners of everything that is drawn under a house's node."""
    found = []
    for node in scene.graph.nodes_geometry:
        if node.startswith(f"{name}_LOD0"):
            matrix, geometry = scene.graph[node]
            found.append(scene.geometry[geometry].copy().apply_transform(matrix).bounds)
    return np.array([np.min([low for low, _ in found], 0), np.max([high for _, high in found], 0)])


def test_no_house_floats_and_no_floor_is_under_the_ground(hamlet, scene):
    ground = make_ground(hamlet.terrain, hamlet.settlement).heights
    for house in hamlet.settlement.buildings:
        low, high = bounds_of(scene, house.name)
        column, row, columns, rows = house.footprint
        under = ground[2 * row : 2 * (row + rows) + 1, 2 * column : 2 * (column + columns) + 1]
        assert low[1] < under.min(), house.id
        assert under.max() < house.floor / 1000, house.id
        assert high[1] > house.floor / 1000 + house.wall / 1000
        # Walls and roof stay over the footprint, but for what a kind hangs or leans outside.
        assert low[0] > column * 2 - 2.6
        assert high[2] < (row + rows) * 2 + 2.6


def test_everything_is_finite_and_normals_have_length_one(scene):
    for mesh in scene.geometry.values():
        assert np.isfinite(mesh.vertices).all()
        assert np.linalg.norm(mesh.vertex_normals, axis=1) == pytest.approx(1, abs=1e-3)


def test_faces_turn_their_front_to_where_their_normals_point(scene):
    """An engine culls what is seen from behind: a face that disagrees with its normals would be a hole."""
    for name, mesh in scene.geometry.items():
        corners = mesh.vertices[mesh.faces]
        faces = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
        agree = (faces * mesh.vertex_normals[mesh.faces].sum(1)).sum(1)
        assert (agree > -1e-7).all(), name


def test_the_ground_has_no_cracks(scene):
    """Where two pieces share a point, they agree on its height."""
    heights: dict[tuple[int, int], set[float]] = {}
    for name, mesh in scene.geometry.items():
        if name.startswith("ground") and " far" not in name:
            up = mesh.vertices[mesh.vertex_normals[:, 1] > 0.2]
            for x, y, z in np.round(up, 3).tolist():
                heights.setdefault((round(x * 1000), round(z * 1000)), set()).add(y)
    apart = [max(ys) - min(ys) for ys in heights.values() if len(ys) > 1]
    assert max(apart, default=0) < 0.01


def test_each_kind_of_house_looks_like_no_other(hamlet, scene, nodes):
    shapes = {}
    for house in hamlet.settlement.buildings:
        drawn = [node for node in scene.graph.nodes_geometry if node.startswith(f"{house.name}_LOD0")]
        faces = sorted(len(scene.geometry[scene.graph[node][1]].faces) for node in drawn)
        shapes.setdefault(house.kind, set()).add(tuple(faces))
    kinds = [kind for kind in shapes if kind != "home"]
    assert len(kinds) >= 8
    assert set(kinds) <= set(STYLES)
    for kind in kinds:
        assert all(shapes[kind].isdisjoint(shapes[other]) for other in kinds if other != kind)


@pytest.mark.external
def test_the_khronos_validator_finds_nothing(glb, tmp_path, khronos_validator):
    path = tmp_path / "world.glb"
    path.write_bytes(glb)
    issues = khronos_validator(path)["issues"]
    assert (issues["numErrors"], issues["numWarnings"]) == (0, 0), issues["messages"]


@pytest.mark.external
@pytest.mark.slow
def test_the_khronos_validator_finds_nothing_in_a_kilometre(tmp_path, khronos_validator):
    from worldloom.worlds.settlement import found_settlement
    from worldloom.worlds.terrain import make_terrain

    terrain = make_terrain(7, 512)
    data = export_glb(terrain, found_settlement(terrain, 7), ())
    assert len(data) < 5_700_000
    (tmp_path / "world.glb").write_bytes(data)
    issues = khronos_validator(tmp_path / "world.glb")["issues"]
    assert (issues["numErrors"], issues["numWarnings"]) == (0, 0), issues["messages"]


@pytest.mark.parametrize(
    ("media_type", "data", "why"),
    [
        ("model/gltf-binary", b"no GLB at all, but long enough", "not a GLB"),
        ("image/png", b"\x89PNG\r\n\x1a\n", "not a sound PNG"),
        ("image/png", b"GIF89a", "not a PNG"),
        ("image/jpeg", b"\x89PNG\r\n\x1a\n", "not a JPEG"),
        ("image/svg+xml", b"<svg/>", "give it as PNG"),
        ("audio/wav", b"RIFF", "no shape in a world"),
    ],
)
def test_a_prop_that_is_not_what_it_claims_is_refused_by_name(hamlet, placed, media_type, data, why):
    bad = replace(placed[0], item="item-77", media_type=media_type, data=data)
    with pytest.raises(ExportError, match=f"item-77 .*{why}"):
        export_glb(hamlet.terrain, hamlet.settlement, [bad])


def test_things_given_one_spot_stand_side_by_side(placed):
    crowd = [replace(placed[0], item=f"item-{n}") for n in range(7)]
    out = spread([*crowd, placed[1]])
    spots = [(prop.x, prop.y) for prop in out]
    assert [prop.item for prop in out] == [*(f"item-{n}" for n in range(7)), "item-4"]
    assert len(set(spots)) == 8
    assert spots[-1] == (placed[1].x, placed[1].y)
    for one in range(7):
        for other in range(one):
            assert max(abs(spots[one][0] - spots[other][0]), abs(spots[one][1] - spots[other][1])) > 600


def test_a_picture_put_up_in_a_house_hangs_outside_by_its_door_and_says_so(hamlet, placed, document_of):
    nodes = {}
    for house in hamlet.settlement.buildings:
        x, y = centre_of(house.interior[0])
        inside = [replace(placed[2], item=f"item-{n}", x=x, y=y, z=house.floor) for n in range(3)]
        shown = show(inside, hamlet.settlement)
        assert [one.house for one in shown] == [house.id] * 3
        column, row, columns, rows = house.footprint
        for one in shown:
            off_x = max(column * 2000 + 700 - one.prop.x, one.prop.x - (column + columns) * 2000 + 700)
            off_y = max(row * 2000 + 700 - one.prop.y, one.prop.y - (row + rows) * 2000 + 700)
            # On the outer face of the wall, within its length or a little beyond.
            assert sorted((off_x > 0, off_y > 0)) == [False, True]
            assert max(off_x, off_y) < 100
        assert len({(one.prop.x, one.prop.y) for one in shown}) == 3
        nodes = by_id(document_of(export_glb(hamlet.terrain, hamlet.settlement, inside[:1]))["nodes"], "item")
        assert nodes["item-0"]["extras"]["hangs_on"] == house.id
        if house.id == "building-1":
            break


def test_a_model_in_a_house_stays_there(hamlet, placed):
    x, y = centre_of(hamlet.settlement.buildings[0].interior[0])
    (shown,) = show([replace(placed[0], x=x, y=y)], hamlet.settlement)
    assert (shown.prop.x, shown.prop.y, shown.house) == (x, y, "")


def test_a_double_grid_keeps_the_middles_of_cells():
    grid = np.arange(12).reshape(3, 4) * 10
    fine = doubled(grid)
    assert fine.shape == (7, 9)
    assert np.array_equal(fine[1::2, 1::2], grid)
    assert fine[2, 2] == pytest.approx((0 + 10 + 40 + 50) / 4)


def test_a_grid_of_triangles_faces_up():
    points = np.array([(x, 0, z) for z in range(3) for x in range(4)], np.float64)
    corners = points[grid_indices(3, 4).reshape(-1, 3)]
    faces = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    assert len(faces) == 12
    assert (faces[:, 1] > 0).all()


def test_a_placed_prop_needs_no_turn():
    assert PlacedProp("item-1", "x", "", "text/plain", b"", 0, 0, 0).turn == 0

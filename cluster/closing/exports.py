"""What a finished run shows outside: world.glb and map, or a crowd's picture, each an entry with its signed file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from worldloom.cluster.conducting import Conducting
from worldloom.cluster.ledger import Ledger
from worldloom.cluster.run_writer import RunWriter
from worldloom.provenance.digests import CONTENT, digest_json
from worldloom.provenance.entry import EntryKind
from worldloom.provenance.folder import WORLD
from worldloom.provenance.making import Making
from worldloom.provenance.parts import Part
from worldloom.provenance.recipe import Identity, Recipe
from worldloom.worlds.crowds.world import CrowdWorld
from worldloom.worlds.world import World

from .components import props_as_parts
from .placed import owners, placed_props


class Drawn(NamedTuple):
    """An export's bytes, and the signed files that they were put together from."""

    data: bytes
    parts: tuple[Part, ...] = ()


class Export(NamedTuple):
    """One exported file: where it goes, of what kind and media type, what made it, and what gives its bytes."""

    path: str
    kind: str
    title: str
    media_type: str
    generator: Identity
    draw: Callable[[RunWriter, Any], Drawn]
    """Called with the run's writer and the world."""

    def recipe(self, time: int, genesis: str, state: str) -> Recipe:
        """Return the recipe: the exporter, and the state that it shows."""
        return Recipe(
            kind=self.kind,
            generator=self.generator,
            request="",
            prompt="",
            agent="world",
            time=time,
            purpose="export",
            occurrence=0,
            seed=0,
            parameters={"state": state},
            parents=(genesis,),
        )


def _exporter(model: str, source_type: str) -> Identity:
    return Identity(backend="worldloom", model=model, output_licence="Apache-2.0", source_type=source_type)


def _world_glb(writer: RunWriter, world: World) -> Drawn:
    from worldloom.worlds.exports.gltf import export_glb  # noqa: PLC0415  (heavy)

    placed = placed_props(writer, world)
    data = export_glb(world.terrain, world.settlement, placed, owners(world))
    return Drawn(data, props_as_parts(writer.storage, placed))


def _map_png(writer: RunWriter, world: World) -> Drawn:
    """Draw the map; what was made shows as a mark, so that it is no part of it."""
    from worldloom.worlds.exports.map import draw_map  # noqa: PLC0415  (heavy)

    return Drawn(draw_map(world.terrain, world.settlement, placed_props(writer, world)))


def _crowd_png(_writer: RunWriter, world: CrowdWorld) -> Drawn:
    from worldloom.worlds.exports.crowd import draw_crowd  # noqa: PLC0415  (heavy)

    return Drawn(draw_crowd(world))


_OF_A_VILLAGE = (
    Export(
        f"{WORLD}world.glb",
        "world",
        "The world",
        "model/gltf-binary",
        _exporter("export-glb-1", "compositeSynthetic"),
        _world_glb,
    ),
    Export(
        f"{WORLD}map.png",
        "map",
        "Map of the world",
        "image/png",
        _exporter("export-map-1", "dataDrivenMedia"),
        _map_png,
    ),
)
_OF_A_CROWD = (
    Export(
        f"{WORLD}map.png",
        "map",
        "Picture of the crowd",
        "image/png",
        _exporter("export-crowd-1", "dataDrivenMedia"),
        _crowd_png,
    ),
)


def exports_of(conductor: Conducting) -> Sequence[Export]:
    """Return what is written of a world: of a crowd its picture, if its rule draws one."""
    world = conductor.world
    if not isinstance(world, CrowdWorld):
        return _OF_A_VILLAGE
    return _OF_A_CROWD if world.has_picture else ()


def export_body(export: Export, conductor: Conducting) -> dict[str, Any]:
    """Return the content body of an export's entry: its recipe and the digest of the state that it shows."""
    state = conductor.world.digest()
    return {
        "type": "export",
        "path": export.path,
        "media_type": export.media_type,
        "recipe": export.recipe(conductor.world.time, conductor.genesis, state).content(),
        "state": state,
    }


def write_exports(writer: RunWriter, conductor: Conducting, ledger: Ledger) -> None:
    """Make, sign, store and log every export; those that the log has already are left as they are."""
    for export in exports_of(conductor):
        body = export_body(export, conductor)
        ledger.record(EntryKind.EXPORT, conductor.world.time, body, _signing(writer, conductor, export, body))


def _signing(
    writer: RunWriter, conductor: Conducting, export: Export, body: Mapping[str, Any]
) -> Callable[[], Mapping[str, Any]]:
    recipe = export.recipe(conductor.world.time, conductor.genesis, body["state"])

    def sign() -> Mapping[str, Any]:
        with writer.parts.part("exports"):
            drawn = export.draw(writer, conductor.world)
        making = Making(
            title=f"{export.title} of {conductor.scenario.name}",
            media_type=export.media_type,
            kind=export.kind,
            on_behalf="world",
            generator=export.generator,
            content=digest_json(CONTENT, body).hex(),
            time=recipe.time,
            parameters=recipe.parameters,
            parents=recipe.parents,
            origin=writer.origin,
            parts=drawn.parts,
        )
        return writer.publisher.publish_at(export.path, drawn.data, making)

    return sign

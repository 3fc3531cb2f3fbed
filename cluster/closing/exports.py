"""What a finished run shows outside: world.glb and the map, each a content entry with its signed file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from worldloom.cluster.conductor import Conductor
from worldloom.cluster.ledger import Ledger
from worldloom.cluster.run_writer import RunWriter
from worldloom.provenance.digests import CONTENT, digest_json
from worldloom.provenance.entry import EntryKind
from worldloom.provenance.folder import WORLD
from worldloom.provenance.making import Making
from worldloom.provenance.recipe import Identity, Recipe

from .placed import placed_props


class Export(NamedTuple):
    """One exported file: where it goes, of what kind and media type, and what made it."""

    path: str
    kind: str
    title: str
    media_type: str
    generator: Identity

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


EXPORTS = (
    Export(
        f"{WORLD}world.glb", "world", "The world", "model/gltf-binary", _exporter("export-glb-1", "compositeSynthetic")
    ),
    Export(f"{WORLD}map.png", "map", "Map of the world", "image/png", _exporter("export-map-1", "dataDrivenMedia")),
)


def export_body(export: Export, conductor: Conductor) -> dict[str, Any]:
    """Return the content body of an export's entry: its recipe and the digest of the state that it shows."""
    state = conductor.world.digest()
    return {
        "type": "export",
        "path": export.path,
        "media_type": export.media_type,
        "recipe": export.recipe(conductor.world.time, conductor.village.genesis, state).content(),
        "state": state,
    }


def write_exports(writer: RunWriter, conductor: Conductor, ledger: Ledger) -> None:
    """Make, sign, store and log every export; those that the log has already are left as they are."""
    for export in EXPORTS:
        body = export_body(export, conductor)
        ledger.record(EntryKind.EXPORT, conductor.world.time, body, _signing(writer, conductor, export, body))


def _signing(
    writer: RunWriter, conductor: Conductor, export: Export, body: Mapping[str, Any]
) -> Callable[[], Mapping[str, Any]]:
    recipe = export.recipe(conductor.world.time, conductor.village.genesis, body["state"])

    def sign() -> Mapping[str, Any]:
        with writer.parts.part("exports"):
            payload = _bytes(writer, conductor, export)
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
        )
        return writer.publisher.publish_at(export.path, payload, making)

    return sign


def _bytes(writer: RunWriter, conductor: Conductor, export: Export) -> bytes:
    from worldloom.worlds.exports.gltf import export_glb  # noqa: PLC0415  (heavy)
    from worldloom.worlds.exports.map import draw_map  # noqa: PLC0415  (heavy)

    world = conductor.world
    placed = placed_props(writer, world)
    draw = export_glb if export.kind == "world" else draw_map
    return draw(world.terrain, world.settlement, placed)

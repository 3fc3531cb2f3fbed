"""Made things that stand in the world at the end, as the exporters want them. Draws nothing itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from worldloom.cluster.run_writer import RunWriter, reader
from worldloom.provenance.digests import ARTIFACT, digest_json
from worldloom.provenance.entry import EntryKind
from worldloom.provenance.folder import blob_path
from worldloom.provenance.storage import Storage
from worldloom.worlds.exports.placed import PlacedProp
from worldloom.worlds.footing import footing
from worldloom.worlds.items import Item
from worldloom.worlds.settlement import Settlement
from worldloom.worlds.space import centre_of
from worldloom.worlds.terrain import Terrain
from worldloom.worlds.world import World


def payload_digests(writer: RunWriter) -> dict[str, str]:
    """Return the payload's hex digest of every artifact of the committed log, by artifact digest."""
    log = reader(writer)
    found = {}
    for index, entry in enumerate(log.entries()):
        if entry.kind == EntryKind.ARTIFACT and (body := log.content(index)) is not None:
            found[digest_json(ARTIFACT, body).hex()] = body["payload"]
    return found


def owners(world: World) -> dict[str, list[str]]:
    """Return who lives in each home, by place id."""
    found: dict[str, list[str]] = {}
    for agent, home in zip(world.agents.ids, world.agents.home.tolist(), strict=True):
        found.setdefault(f"place-{home}", []).append(agent)
    return found


def placed_props(writer: RunWriter, world: World) -> Sequence[PlacedProp]:
    """Return what was put up or stands somewhere; commits first, so that the log holds every artifact."""
    writer.commit()
    return props_of(world.items.values(), payload_digests(writer), writer.storage, world.terrain, world.settlement)


def props_of(
    items: Iterable[Item], payloads: Mapping[str, str], storage: Storage, terrain: Terrain, settlement: Settlement
) -> Sequence[PlacedProp]:
    """Return those of a world's items that are artifacts and that nobody holds; raises StorageError.

    `payloads` maps artifacts' digests to their payloads'.
    """
    stand = (item for item in items if item.artifact in payloads and not item.holder)
    return [_prop(item, storage.read(blob_path(payloads[item.artifact])), terrain, settlement) for item in stand]


def _prop(item: Item, payload: bytes, terrain: Terrain, settlement: Settlement) -> PlacedProp:
    """Return the prop at its cell; a sign's SVG becomes the picture on its board."""
    from worldloom.generators.image.board import board_png  # noqa: PLC0415  (heavy)

    x, y = centre_of(item.cell)
    drawn = item.media_type == "image/svg+xml"
    return PlacedProp(
        item=item.id,
        name=item.name,
        artifact=item.artifact,
        media_type="image/png" if drawn else item.media_type,
        data=board_png(payload) if drawn else payload,
        original=item.media_type,
        maker=item.maker,
        x=x,
        y=y,
        z=footing(terrain, settlement, item.cell),
    )

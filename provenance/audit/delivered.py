"""The files that a run delivers with credentials: scenario source, artifacts, exports, report. Judges none of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from worldloom.provenance.entry import EntryKind
from worldloom.provenance.errors import CredentialError
from worldloom.provenance.folder import ARTIFACTS, REPORT, SCENARIO_PY, SEAL, WORLD, artifact_path, sidecar
from worldloom.provenance.layout import is_known
from worldloom.provenance.media import EXTENSIONS, embeds, media_type_of
from worldloom.provenance.profile import SALTED, prompt_digest

from .bodies import Body

if TYPE_CHECKING:
    from .opened import OpenRun


@dataclass(frozen=True)
class Delivered:
    """One signed file: where it must stand, its media type, what its entry says of the stored bytes, where it could be
    read.

    `entry` is the hex content digest of that entry, None for the report, which has none. `says` are those fields of
    org.worldloom.generation that the entry settles, `parents` those of the lineage, None where the entry does not
    settle them; `payload` is the hex SHA-256 of an artifact without its credential, `""` where that is not settled.
    """

    path: str
    media_type: str
    entry: str | None
    says: Mapping[str, Any]
    evidence: Mapping[str, Any] | None = None
    parents: list[dict[str, str]] | None = None
    title: str | None = None
    payload: str = ""

    @property
    def sidecar(self) -> str | None:
        """Where its sidecar must stand; None for a format that carries its credential inside, and for an empty file."""
        if self.unsigned:
            return None
        inside = self.media_type in EXTENSIONS and embeds(self.media_type)
        return None if inside else sidecar(self.path)

    @property
    def unsigned(self) -> str:
        """Why its entry says that it has no credential; `""` where it says no such thing."""
        return "" if self.evidence is None else str(self.evidence.get("unsigned", ""))


def delivered_files(run: OpenRun) -> Iterator[Delivered]:
    """Yield every signed file that must be in the run."""
    for kind in _FOLDER:
        yield from (gist.delivered for gist in run.of_kind(kind) if gist.delivered is not None)
    for gist in run.gists:
        if gist.delivered is not None and not gist.read:
            yield gist.delivered
    if REPORT in run.present or SEAL in run.present:
        yield Delivered(REPORT, "text/html", None, {"kind": "report", "media_type": "text/html"})


def delivered_of(body: Body, digest: str) -> Delivered | None:
    """Return the file that an entry delivers, None where it delivers none; `digest` is that of an artifact, as hex."""
    if body.content is None:
        return _of_erased_body(body)
    if body.entry.kind == EntryKind.SCENARIO:
        says = {"kind": "scenario", "media_type": "text/x-python"}
        return Delivered(SCENARIO_PY, "text/x-python", body.entry.content.hex(), says, body.evidence)
    if body.entry.kind == EntryKind.ARTIFACT:
        return _artifact(body, digest)
    return _export(body) if body.entry.kind == EntryKind.EXPORT else None


def _of_erased_body(body: Body) -> Delivered | None:
    """Return the file of an entry whose content was erased and whose evidence is there: less of it is settled.

    The name of an artifact's file still gives the content digest that its credential has to name.
    """
    folder = _FOLDER.get(body.entry.kind)
    if folder is None or not body.erased or body.evidence is None:
        return None
    path = body.evidence.get("path", "")
    if not path.startswith(folder) or not is_known(path):
        return None
    try:
        media_type = media_type_of(path)
    except CredentialError:
        return None
    name = path.rpartition("/")[2].partition(".")[0]
    says = {"content": name} if folder == ARTIFACTS else {}
    return Delivered(path, media_type, body.entry.content.hex(), {**says, "media_type": media_type}, body.evidence)


_FOLDER: Mapping[int, str] = {
    EntryKind.SCENARIO: SCENARIO_PY,
    EntryKind.ARTIFACT: ARTIFACTS,
    EntryKind.EXPORT: WORLD,
}
"""Where the files lie that entries of a kind deliver, in the order in which an audit looks at them."""


def _artifact(body: Body, digest: str) -> Delivered:
    content = body.json
    media_type, recipe = content["media_type"], content["recipe"]
    return Delivered(
        path=artifact_path(digest, EXTENSIONS.get(media_type, "unknown")),
        media_type=media_type,
        entry=body.entry.content.hex(),
        says={**_said(recipe), "content": digest, "media_type": media_type},
        evidence=body.evidence,
        parents=_lineage(recipe),
        title=content["title"],
        payload=content["payload"],
    )


def _export(body: Body) -> Delivered:
    content = body.json
    recipe, media_type = content["recipe"], content["media_type"]
    says = {**_said(recipe), "media_type": media_type}
    entry = body.entry.content.hex()
    return Delivered(content["path"], media_type, entry, says, body.evidence, _lineage(recipe))


def _said(recipe: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a credential says of a recipe, by the rules of `profile.generation`."""
    veil = str(recipe.get("veil", ""))
    said = {
        "kind": recipe["kind"],
        "on_behalf": recipe["agent"],
        "generator": recipe["generator"],
        "request": recipe["request"],
        "prompt": prompt_digest(recipe["prompt"], veil),
        "seed": recipe["seed"],
        "time": recipe["time"],
        "parameters": recipe["parameters"],
    }
    return said | ({SALTED: True} if veil else {})


def _lineage(recipe: Mapping[str, Any]) -> list[dict[str, str]]:
    derived = [{"digest": each, "relation": "wasDerivedFrom"} for each in recipe["parents"]]
    return derived + [{"digest": each, "relation": "used"} for each in recipe["inputs"]]

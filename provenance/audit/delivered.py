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
    """One signed file: where it must stand, its media type, its entry's body (None: the report has no entry).

    `says` are those fields of org.worldloom.generation that its entry settles, `parents` those of the lineage, None
    where the entry does not settle them.
    """

    path: str
    media_type: str
    body: Body | None
    says: Mapping[str, Any]
    parents: list[dict[str, str]] | None = None
    title: str | None = None

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

    @property
    def evidence(self) -> Mapping[str, Any] | None:
        """What its entry says of the stored bytes, where that could be read."""
        return self.body.evidence if self.body is not None else None


def delivered_files(run: OpenRun) -> Iterator[Delivered]:
    """Yield every signed file that must be in the run."""
    for body in run.of_kind(EntryKind.SCENARIO):
        yield Delivered(SCENARIO_PY, "text/x-python", body, {"kind": "scenario", "media_type": "text/x-python"})
    for body in run.of_kind(EntryKind.ARTIFACT):
        yield _artifact(run, body)
    for body in run.of_kind(EntryKind.EXPORT):
        yield _export(body)
    for body in run.bodies:
        yield from _of_erased_body(body)
    if REPORT in run.present or SEAL in run.present:
        yield Delivered(REPORT, "text/html", None, {"kind": "report", "media_type": "text/html"})


def _of_erased_body(body: Body) -> Iterator[Delivered]:
    """Yield the file of an entry whose content was erased and whose evidence is there: what it must be is less settled.

    The name of an artifact's file still gives the content digest that its credential has to name.
    """
    if body.content is not None or not body.erased or body.evidence is None:
        return
    path = body.evidence.get("path", "")
    folder = _FOLDER.get(body.entry.kind)
    if folder is None or not path.startswith(folder) or not is_known(path):
        return
    try:
        media_type = media_type_of(path)
    except CredentialError:
        return
    name = path.rpartition("/")[2].partition(".")[0]
    says = {"content": name} if folder == ARTIFACTS else {}
    yield Delivered(path, media_type, body, {**says, "media_type": media_type})


_FOLDER: Mapping[int, str] = {
    EntryKind.SCENARIO: SCENARIO_PY,
    EntryKind.ARTIFACT: ARTIFACTS,
    EntryKind.EXPORT: WORLD,
}


def _artifact(run: OpenRun, body: Body) -> Delivered:
    content, digest = body.json, run.artifact_digests[body.index]
    media_type, recipe = content["media_type"], content["recipe"]
    return Delivered(
        path=artifact_path(digest, EXTENSIONS.get(media_type, "unknown")),
        media_type=media_type,
        body=body,
        says={**_said(recipe), "content": digest, "media_type": media_type},
        parents=_lineage(recipe),
        title=content["title"],
    )


def _export(body: Body) -> Delivered:
    content = body.json
    recipe, media_type = content["recipe"], content["media_type"]
    says = {**_said(recipe), "media_type": media_type}
    return Delivered(content["path"], media_type, body, says, _lineage(recipe))


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

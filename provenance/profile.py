"""What a Worldloom manifest says: the C2PA definition of a `Making`, all labels in one place. Signs and reads nothing.

- `c2pa.actions.v2`: `c2pa.created`, with digital source type, software agent, wall time and what went in (of what a
  person edited outside `c2pa.opened` with its parent and `c2pa.edited`: docs/adr/0020); it is the only action,
  but for a `c2pa.placed` for each signed file that is a part of it, and a `c2pa.redacted` for each prompt of those;
- `c2pa.ai-disclosure` (C2PA 2.4): only where a trained model made it;
- `org.worldloom.generation`: on whose behalf, by what, from which request, seed and prompt, as which media type;
- `org.worldloom.lineage`: content digests that it descends from, and the log in which they stand;
- `cawg.training-mining`: what the owner allows others to train on;
- `c2pa.soft-binding`: what the thing is recognised by when this credential is gone, where its fingerprints were taken;
- ingredients `inputTo`: the prompt as hashed embedded data (redactable, and an ingredient without data binds no bytes),
  the model by the digest of its weights as its instance id.

All are created assertions: a gathered one is not the signer's word.
"""

from __future__ import annotations

import uuid
from collections import ChainMap
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from typing import Any

from .canonical import canonical
from .digests import PROMPT, digest_bytes
from .errors import CanonicalError, CredentialError
from .fingerprints.soft_binding import SOFT_BINDING, soft_binding
from .making import Making
from .parts import NO_PARTS, PARENT_OF, Embedded, Placed
from .recipe import Identity

ACTIONS = "c2pa.actions.v2"
AI_DISCLOSURE = "c2pa.ai-disclosure"
GENERATION = "org.worldloom.generation"
LINEAGE = "org.worldloom.lineage"
TRAINING_MINING = "cawg.training-mining"
INGREDIENT = "c2pa.ingredient.v3"
EMBEDDED_DATA = "c2pa.embedded-data"

CREATED_BASE_LABELS = (
    "c2pa.actions",
    "c2pa.ingredient",
    EMBEDDED_DATA,
    AI_DISCLOSURE,
    GENERATION,
    LINEAGE,
    TRAINING_MINING,
    SOFT_BINDING,
)
"""Labels without version, as the SDK's setting `created_assertion_labels` wants them."""

SALTED = "prompt_salted"
"""Field of org.worldloom.generation that is there, and true, where the prompt's digest is a private run's."""

UNHASHED = "unhashed"
"""Field of org.worldloom.generation that binds what C2PA's hash of MP4 and ZIP leaves out (`frames`)."""

PROFILE = 1
"""Version of the two org.worldloom assertions."""

IPTC = "http://cv.iptc.org/newscodes/digitalsourcetype/"
C2PA = "http://c2pa.org/digitalsourcetype/"
TRAINED = frozenset({"trainedAlgorithmicMedia", "trainedAlgorithmicData", "compositeWithTrainedAlgorithmicMedia"})
SOURCE_TYPES: Mapping[str, str] = {
    **{name: C2PA + name for name in ("empty", "trainedAlgorithmicData")},
    **{
        name: IPTC + name
        for name in (
            "algorithmicMedia",
            "algorithmicallyEnhanced",
            "compositeSynthetic",
            "compositeWithTrainedAlgorithmicMedia",
            "dataDrivenMedia",
            "digitalCreation",
            "humanEdits",
            "screenCapture",
            "trainedAlgorithmicMedia",
            "virtualRecording",
        )
    },
}
"""URI of each digital source type by its name."""

_CREATED = "c2pa.created"
OPENED, EDITED = "c2pa.opened", "c2pa.edited"
_PLACED, _REDACTED = "c2pa.placed", "c2pa.redacted"
LEFT_WITH_PART = "org.worldloom.left-with-part"
"""Why a part's manifest is carried without its prompt: whoever may read it has the part."""
_MODEL_TYPE = "c2pa.types.model"
USES = ("cawg.ai_generative_training", "cawg.ai_inference", "cawg.ai_training", "cawg.data_mining")
_PROMPT_RESOURCE = "prompt.txt"
_LONGEST_TITLE = 200


@dataclass(frozen=True)
class Definition:
    """A manifest before it is signed: its label, its JSON for the SDK, and embedded data by resource name."""

    label: str
    manifest: Mapping[str, Any]
    resources: Mapping[str, bytes]


def define(making: Making, placed: Placed = NO_PARTS, unhashed: str = "") -> Definition:
    """Return the manifest definition; raises CredentialError for a making that no manifest can tell.

    `placed` are the making's parts as they are carried; the stores of embedded ones are among the resources.
    `unhashed` is the hex digest of what the hash of the file's format leaves out, `""` where it leaves out nothing.
    """
    wanted = _CREATED if making.edit is None else OPENED
    if making.action != wanted:
        raise CredentialError(f"action {making.action[:80]!r}: Worldloom's manifests of this kind begin with {wanted}")
    ingredients = _ingredients(making)
    made, came = generation(making, unhashed), lineage(making, placed)
    title = making.title[:_LONGEST_TITLE] or making.kind
    try:
        canonical([title, made, came])  # integers and clean text only, which every reader reads alike
    except CanonicalError as error:
        raise CredentialError(f"what the credential of {making.title[:80]!r} would say: {error}") from error
    assertions = [
        (ACTIONS, {"actions": [*_begun(making, [each["label"] for each in ingredients]), *_with_parts(placed)]}),
        (GENERATION, made),
        (LINEAGE, came),
        (TRAINING_MINING, _training_mining(making.generator)),
    ]
    if making.generator.source_type in TRAINED:
        edited = None if making.edit is None else dict(making.edit.disclosure)
        assertions.append((AI_DISCLOSURE, _ai_disclosure(making.generator) if edited is None else edited))
    if making.fingerprints:
        assertions.append((SOFT_BINDING, soft_binding(making.fingerprints)))
    label = f"urn:c2pa:{uuid.uuid4()}"
    manifest: dict[str, Any] = {
        "label": label,
        "claim_generator_info": [{"name": "worldloom", "version": _version()}],
        "title": title,
        "assertions": [{"label": name, "created": True, "data": data} for name, data in assertions],
        "ingredients": ingredients + [_part(number, each) for number, each in enumerate(placed.embedded)],
    }
    if prompts := _prompts(placed):
        manifest["redactions"] = prompts
    resources = {_PROMPT_RESOURCE: making.prompt.encode()} if making.prompt else {}
    stores = {_store_name(number): each.read.store for number, each in enumerate(placed.embedded)}
    return Definition(label, manifest, resources | stores)


def generation(making: Making, unhashed: str = "") -> dict[str, Any]:
    """Return the assertion org.worldloom.generation; digests are hexadecimal, the seed is decimal text."""
    said = {
        "version": PROFILE,
        "content": making.content,
        "kind": making.kind,
        "media_type": making.media_type,
        "on_behalf": making.on_behalf,
        "generator": making.generator.content(),
        "request": making.request,
        "prompt": prompt_digest(making.prompt, making.veil),
        "seed": str(making.seed),
        "time": making.time,
        "parameters": dict(making.parameters),
    }
    return said | ({SALTED: True} if making.veil else {}) | ({UNHASHED: unhashed} if unhashed else {})


def prompt_digest(prompt: str, veil: str = "") -> str:
    """Return the hex digest that stands for a prompt, `""` where nothing was said; `veil` is a private run's."""
    return veil or (digest_bytes(PROMPT, prompt.encode()).hex() if prompt else "")


def lineage(making: Making, placed: Placed = NO_PARTS) -> dict[str, Any]:
    """Return the assertion org.worldloom.lineage; relations are those of W3C PROV."""
    derived = [{"digest": each, "relation": "wasDerivedFrom"} for each in making.parents]
    used = [{"digest": each, "relation": "used"} for each in making.inputs]
    said: dict[str, Any] = {"version": PROFILE, "origin": making.origin, "parents": derived + used}
    if placed.references:
        said["ingredients"] = list(placed.references)
    return said | ({"more_ingredients": placed.unnamed} if placed.unnamed else {})


def _with_parts(placed: Placed) -> list[dict[str, Any]]:
    """Return the actions of parts: each component was placed (C2PA 2.2, 18.15.4.2), each prompt left where it is."""
    entered = [
        {"action": _PLACED, "parameters": {"ingredientIds": [_part_label(number)]}}
        for number, each in enumerate(placed.embedded)
        if each.part.relation == "componentOf"
    ]
    return entered + [
        {"action": _REDACTED, "reason": LEFT_WITH_PART, "parameters": {"redacted": uri}} for uri in _prompts(placed)
    ]


def _prompts(placed: Placed) -> list[str]:
    """Return the JUMBF URIs of the prompts in the manifests of embedded parts, those of their own parts too."""
    return [
        f"self#jumbf=/c2pa/{manifest}/c2pa.assertions/{label}"
        for manifest, labels in ChainMap(*(dict(each.read.assertions) for each in placed.embedded)).items()
        for label in labels
        if label.startswith(EMBEDDED_DATA)
    ]


def _part(number: int, embedded: Embedded) -> dict[str, Any]:
    """Return the ingredient of a part: its manifest store as it is, with what reading it over its bytes found."""
    part, read = embedded.part, embedded.read
    return {
        "label": _part_label(number),
        "title": part.title,
        "format": part.media_type,
        "relationship": part.relation,
        "instance_id": read.instance,
        "active_manifest": read.manifest,
        "manifest_data": {"format": "application/c2pa", "identifier": _store_name(number)},
        "validation_results": read.results,
    }


def _part_label(number: int) -> str:
    """Return the name under which the actions know an embedded part."""
    return f"part-{number}"


def _store_name(number: int) -> str:
    return f"{_part_label(number)}.c2pa"


def _begun(making: Making, ingredients: list[str]) -> list[dict[str, Any]]:
    """Return the actions that begin a manifest: created; or opened, as the part that it was before, and edited."""
    edit = making.edit
    if edit is None:
        if any(part.relation == PARENT_OF for part in making.parts):
            raise CredentialError(
                f"{making.title[:80]!r}: relation {PARENT_OF} is of what was edited, and this was made"
            )
        return [_created(making, ingredients)]
    if [part.relation for part in making.parts] != [PARENT_OF]:
        raise CredentialError(f"{making.title[:80]!r} was edited: its one part is what it was before ({PARENT_OF})")
    agent = {"name": edit.tool} | ({"version": edit.tool_version} if edit.tool_version else {})
    edited: dict[str, Any] = {
        "action": EDITED,
        "digitalSourceType": _source_type(making.generator),
        "softwareAgent": agent,
    }
    if edit.note:
        edited["description"] = edit.note
    return [{"action": OPENED, "parameters": {"ingredientIds": [_part_label(0)]}}, edited]


def _source_type(identity: Identity) -> str:
    uri = SOURCE_TYPES.get(identity.source_type)
    if uri is None:
        raise CredentialError(
            f"digital source type {identity.source_type[:80]!r} of generator {identity.backend!r} is not one of: "
            f"{', '.join(sorted(SOURCE_TYPES))}"
        )
    return uri


def _created(making: Making, ingredients: list[str]) -> dict[str, Any]:
    identity = making.generator
    uri = _source_type(identity)
    agent = {"name": identity.model or identity.backend, "version": identity.weights[:16] or _version()}
    action: dict[str, Any] = {"action": _CREATED, "digitalSourceType": uri, "softwareAgent": agent, "when": _now()}
    if ingredients:
        action["parameters"] = {"ingredientIds": ingredients}
    return action


def _ai_disclosure(identity: Identity) -> dict[str, str]:
    disclosure = {"modelType": identity.model_type or _MODEL_TYPE, "modelName": identity.model or identity.backend}
    return disclosure | ({"modelIdentifier": f"sha256:{identity.weights}"} if identity.weights else {})


def _training_mining(identity: Identity) -> dict[str, Any]:
    licence = identity.output_licence
    use = {"use": "constrained", "constraint_info": licence} if licence else {"use": "notAllowed"}
    return {"entries": dict.fromkeys(USES, use)}


def _ingredients(making: Making) -> list[dict[str, Any]]:
    found = []
    if making.prompt:
        data = {"format": "text/plain", "identifier": _PROMPT_RESOURCE}
        found.append(_ingredient("prompt", "prompt", ["c2pa.types.generator.prompt"], format="text/plain", data=data))
    identity = making.generator
    if identity.weights:
        kinds = ["c2pa.types.generator", identity.model_type or _MODEL_TYPE]
        name = identity.model or identity.backend
        found.append(_ingredient("model", name, kinds, instance_id=f"sha256:{identity.weights}"))
    return found


def _ingredient(label: str, title: str, kinds: list[str], **more: Any) -> dict[str, Any]:
    data_types = [{"type": kind} for kind in kinds]
    return {"label": label, "title": title, "relationship": "inputTo", "data_types": data_types, **more}


def _now() -> str:
    """Wall time: a credential is evidence, never content. The signer's word alone, as all that it says."""
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


@cache
def _version() -> str:
    return version("worldloom")

"""The linter of our own manifests, for `audit --strict`: does each say all that docs/credentials.md promises?

A manifest that breaks a rule here may still be a good credential; it is none of Worldloom's profile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from worldloom.provenance.credential import Credential
from worldloom.provenance.errors import FingerprintError
from worldloom.provenance.fingerprints import ISCC
from worldloom.provenance.fingerprints.soft_binding import SOFT_BINDING, bound_codes
from worldloom.provenance.frames import LEAVES_OUT
from worldloom.provenance.profile import (
    ACTIONS,
    AI_DISCLOSURE,
    EMBEDDED_DATA,
    GENERATION,
    INGREDIENT,
    IPTC,
    LEFT_WITH_PART,
    LINEAGE,
    SALTED,
    TRAINED,
    TRAINING_MINING,
    UNHASHED,
    USES,
)

from .beside import OpenZip
from .edited import EDIT_RULES, is_edited
from .made_steps import credential_fault
from .opened import Fault, OpenRun
from .single import OpenFile

_ALWAYS = (ACTIONS, GENERATION, LINEAGE, TRAINING_MINING)
_MAY = (AI_DISCLOSURE, EMBEDDED_DATA, INGREDIENT, SOFT_BINDING)
_ALLOWED = ("allowed", "notAllowed", "constrained")
_OF_BACKEND: Mapping[str, frozenset[str]] = {
    "person": frozenset({"digitalCreation", "humanEdits"}),
    "worldloom": frozenset({"compositeSynthetic", "dataDrivenMedia", "virtualRecording", "algorithmicMedia"}),
}
"""Digital source types of what no generator made: written by people, or assembled and rendered by the simulation."""

_BY_PROCEDURE = frozenset({"algorithmicMedia", "algorithmicallyEnhanced", "dataDrivenMedia", "empty"})
_LONGEST_SEED = 20


def lint_manifest(credential: Credential, media_type: str) -> Iterator[str]:
    """Say where a manifest leaves the profile; nothing to say means that it holds it."""
    generation = credential.generation
    generator = generation.get("generator")
    if not isinstance(generator, Mapping):
        yield f"{GENERATION} names no generator"
        return
    edited = is_edited(credential)
    for rule in _OF_ANY if edited else _RULES:
        yield from rule(credential, generator)
    for each in EDIT_RULES if edited else ():
        yield from each(credential)
    if generation.get("media_type") != media_type:
        yield f"{GENERATION} binds media type {str(generation.get('media_type'))[:80]!r}, not {media_type!r}"
    if media_type in LEAVES_OUT and UNHASHED not in generation:
        yield f"{GENERATION} does not bind what the hash of {media_type} leaves out"


def _assertions(credential: Credential, _generator: Mapping[str, Any]) -> Iterator[str]:
    """What must be created is, nothing is gathered, nothing is there that the profile does not know."""
    for label in _ALWAYS:
        if label not in credential.created:
            yield f"{label} is not among the created assertions"
    if credential.gathered:
        yield f"gathered assertions are nobody's word: {', '.join(credential.gathered)[:200]}"
    for label in credential.created:
        base = label.partition("__")[0]
        if base not in (*_ALWAYS, *_MAY) and not base.startswith("c2pa.hash."):
            yield f"assertion {label[:80]!r} is none of the profile"


def _of_a_part(action: Mapping[str, Any]) -> bool:
    return action.get("action") == "c2pa.placed" or (
        action.get("action") == "c2pa.redacted" and action.get("reason") == LEFT_WITH_PART
    )


def _action(credential: Credential, generator: Mapping[str, Any]) -> Iterator[str]:
    """One action, created, by a named agent of a version, that names its inputs; besides it only parts are placed."""
    actions = _mapping(credential.said.get(ACTIONS)).get("actions")
    if not isinstance(actions, list) or not actions or not isinstance(actions[0], Mapping):
        yield f"{ACTIONS} has no action"
        return
    if any(not _of_a_part(_mapping(each)) for each in actions[1:]):
        yield f"{ACTIONS} has other actions than one made, and parts placed without their prompts"
    if actions[0].get("action") != "c2pa.created":
        yield f"begins with action {str(actions[0].get('action'))[:80]!r}, not c2pa.created"
    agent = _mapping(actions[0].get("softwareAgent"))
    if agent.get("name") != (generator.get("model") or generator.get("backend")) or not agent.get("version"):
        yield "its software agent is not the generator, by name and version"
    named = len(_mapping(actions[0].get("parameters")).get("ingredients") or ())
    inputs = [each for each in _own(credential) if not each.manifest]
    if named != len(inputs):
        yield f"its action names {named} of {len(inputs)} inputs"


def _source_type(credential: Credential, generator: Mapping[str, Any]) -> Iterator[str]:
    """The digital source type is right for what made it: a model, a procedure, a person, or the simulation."""
    said, backend = str(generator.get("source_type")), str(generator.get("backend"))
    by_model = bool(generator.get("weights")) or bool(generator.get("model_type"))
    right = TRAINED if by_model else _OF_BACKEND.get(backend, _BY_PROCEDURE | TRAINED)
    if said not in right:
        maker = "a trained model" if by_model else repr(backend[:80])
        yield f"digital source type {said[:80]!r} is not that of {maker}"
    if not credential.source_type.startswith((IPTC, "http://c2pa.org/digitalsourcetype/")):
        yield f"digital source type {credential.source_type[:120]!r} is no term of IPTC or C2PA"


def _model(credential: Credential, generator: Mapping[str, Any]) -> Iterator[str]:
    """A model stands among the ingredients by the digest of its weights, with the licences of weights and outputs."""
    weights = generator.get("weights")
    trained = generator.get("source_type") in TRAINED
    if weights:
        found = [each for each in _own(credential) if each.instance == f"sha256:{weights}"]
        if len(found) != 1 or found[0].relation != "inputTo":
            yield "the model is no ingredient (inputTo) by the digest of its weights"
        if not generator.get("weights_licence"):
            yield "names no licence of the weights"
    elif trained and not generator.get("model"):
        yield "a trained model made it, and neither weights nor model are named"
    if not generator.get("output_licence"):
        yield "names no licence of what the generator makes"


def _prompt(credential: Credential, _generator: Mapping[str, Any]) -> Iterator[str]:
    """A prompt is embedded data of an ingredient, where it can be redacted, and stands in no action."""
    prompt = credential.generation.get("prompt")
    salted = credential.generation.get(SALTED) is True
    found = [each for each in _own(credential) if each.title == "prompt"]
    if salted and found:
        yield "says that its prompt is private, and carries it"
    elif prompt and not salted and not (len(found) == 1 and found[0].bound and EMBEDDED_DATA in credential.created):
        yield "had a prompt, and no ingredient carries it as hashed data that can be redacted"
    actions = _mapping(credential.said.get(ACTIONS)).get("actions") or ()
    if any("prompt" in _mapping(_mapping(each).get("parameters")) for each in actions):
        yield "has the prompt in an action, which nobody can redact"


def _making(credential: Credential, _generator: Mapping[str, Any]) -> Iterator[str]:
    """Seed, parameters, time, request and on whose behalf are said."""
    said = credential.generation
    seed = said.get("seed")
    if not (isinstance(seed, str) and seed.isascii() and seed.isdigit() and len(seed) <= _LONGEST_SEED):
        yield "has no seed in decimal digits"
    if not isinstance(said.get("parameters"), Mapping):
        yield "has no parameters"
    if type(said.get("time")) is not int:
        yield "has no simulated time"
    yield from (f"does not say {name}" for name in ("on_behalf", "kind") if not said.get(name))


def _disclosure(credential: Credential, generator: Mapping[str, Any]) -> Iterator[str]:
    """`c2pa.ai-disclosure` stands exactly where a trained model made it, and names that model."""
    trained = generator.get("source_type") in TRAINED
    if trained != (AI_DISCLOSURE in credential.created):
        yield f"{AI_DISCLOSURE} {'is missing' if trained else 'speaks of a model, and none made this'}"
    if not trained or AI_DISCLOSURE not in credential.created:
        return
    said, weights = _mapping(credential.said.get(AI_DISCLOSURE)), generator.get("weights")
    if not str(said.get("modelType", "")).startswith("c2pa.types.model"):
        yield f"{AI_DISCLOSURE} has no modelType"
    if said.get("modelName") != (generator.get("model") or generator.get("backend")):
        yield f"{AI_DISCLOSURE} names another model than the generator"
    if weights and said.get("modelIdentifier") != f"sha256:{weights}":
        yield f"{AI_DISCLOSURE} names other weights than the generator"


def _mining(credential: Credential, _generator: Mapping[str, Any]) -> Iterator[str]:
    """`cawg.training-mining` answers each of the four uses."""
    entries = _mapping(_mapping(credential.said.get(TRAINING_MINING)).get("entries"))
    for use in USES:
        said = _mapping(entries.get(use))
        if said.get("use") not in _ALLOWED:
            yield f"{TRAINING_MINING} does not answer {use}"
        elif said["use"] == "constrained" and not said.get("constraint_info"):
            yield f"{TRAINING_MINING} constrains {use} and does not say how"


def _soft_binding(credential: Credential, _generator: Mapping[str, Any]) -> Iterator[str]:
    """`c2pa.soft-binding`, where it stands, holds ISCC units that can be looked up. A manifest from before has none."""
    if SOFT_BINDING not in credential.created:
        return
    try:
        bound_codes(credential.said.get(SOFT_BINDING))
    except FingerprintError as error:
        yield str(error)


_RULES: tuple[Callable[[Credential, Mapping[str, Any]], Iterator[str]], ...] = (
    _assertions,
    _action,
    _source_type,
    _model,
    _prompt,
    _making,
    _disclosure,
    _mining,
    _soft_binding,
)


_OF_ANY = (_assertions, _prompt, _making, _mining, _soft_binding)
"""Rules of imported files, too; what else is asked of those stands in `edited`."""


def _own(credential: Credential) -> list[Any]:
    return [each for each in credential.ingredients if each.of == credential.manifest]


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def fingerprint_faults(evidence: Mapping[str, Any] | None, credential: Credential) -> Iterator[str]:
    """Say that log and credential have different fingerprints; nothing where one of them has none."""
    logged = _mapping(_mapping(evidence).get("fingerprints")).get(ISCC)
    bound = credential.said.get(SOFT_BINDING)
    if logged is None or bound is None:
        return
    try:
        codes = list(bound_codes(bound))
    except FingerprintError:
        return  # which the rule above tells
    if codes != logged:
        yield "its credential and its log entry have different fingerprints"


def profile(run: OpenRun) -> Iterator[Fault]:
    """Every manifest of the run holds the whole profile."""
    if not run.demands.strict:
        return
    for each in run.delivered:
        found = None if each.unsigned else run.credential(each.path, each.media_type, each.sidecar)
        if found is not None and credential_fault(found) is None:
            yield from (Fault(each.path, why) for why in lint_manifest(found, each.media_type))
            yield from (Fault(each.path, why) for why in fingerprint_faults(each.evidence, found))


def zip_profile(opened: OpenZip) -> Iterator[Fault]:
    """The zip's own manifest holds it."""
    if opened.run.demands.strict and credential_fault(opened.credential) is None:
        yield from (Fault("", why) for why in lint_manifest(opened.credential, "application/zip"))


def file_profile(file: OpenFile) -> Iterator[Fault]:
    """The single file's manifest holds it."""
    if file.demands.strict and credential_fault(file.credential) is None:
        yield from (Fault(file.name, why) for why in lint_manifest(file.credential, file.media_type))

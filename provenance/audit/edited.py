"""What the credential of an imported file has to say (docs/adr/0020): opened, edited, by whom, with which parent."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from worldloom.provenance.credential import Credential, IngredientFinding
from worldloom.provenance.importing import KIND
from worldloom.provenance.parts import PARENT_OF
from worldloom.provenance.profile import ACTIONS, AI_DISCLOSURE, EDITED, OPENED, SOURCE_TYPES, TRAINED

_ALLOWED = frozenset({"compositeWithTrainedAlgorithmicMedia", "humanEdits"})


def is_edited(credential: Credential) -> bool:
    """Whether a credential says that its file was edited outside."""
    return credential.action == OPENED


def edit_faults(credential: Credential) -> Iterator[str]:
    """Say where the credential of an imported file does not say what it has to, or washes off what its parent was."""
    said = credential.generation
    generator = _mapping(said.get("generator"))
    opened, edited = _begin(credential)
    if said.get("kind") != KIND or edited.get("action") != EDITED:
        yield f"begins with action {OPENED}, and is no imported file that was edited after that"
    named = str(generator.get("source_type"))
    if named not in _ALLOWED or edited.get("digitalSourceType") != SOURCE_TYPES.get(named):
        found = str(edited.get("digitalSourceType"))
        yield f"digital source type {found[:120]!r} is not that of an edit, {named[:80]!r}"
    parents = _parents(credential)
    if len(parents) != 1 or not parents[0].manifest or len(_linked(opened)) != 1:
        yield f"opens {len(_linked(opened))} parents, and has {len(parents)} as ingredients: it has one"
    if named not in TRAINED and any(each.by_model for each in credential.ingredients):
        yield f"says {named[:80]!r}, and a trained model had a hand in what it was before"


def _editor(credential: Credential) -> Iterator[str]:
    """The edit names a tool, the file a person."""
    generator = _mapping(credential.generation.get("generator"))
    if not _mapping(_begin(credential)[1].get("softwareAgent")).get("name"):
        yield "its edit names no tool"
    if generator.get("backend") != "person" or not generator.get("model"):
        yield "names no person who edited it"
    if not generator.get("output_licence"):
        yield "names no licence of what was edited"


def _more_actions(credential: Credential) -> Iterator[str]:
    """After opened and edited only prompts of the parent are left with it."""
    for action in _actions(credential)[2:]:
        if action.get("action") != "c2pa.redacted":
            yield f"has action {str(action.get('action'))[:80]!r} besides one edit"


def _disclosure(credential: Credential) -> Iterator[str]:
    """`c2pa.ai-disclosure` stands exactly where a trained model had a hand in the parent."""
    trained = _mapping(credential.generation.get("generator")).get("source_type") in TRAINED
    if trained != (AI_DISCLOSURE in credential.created):
        yield f"{AI_DISCLOSURE} {'is missing' if trained else 'speaks of a model, and none is behind this'}"
    said = _mapping(credential.said.get(AI_DISCLOSURE))
    if trained and not str(said.get("modelType", "")).startswith("c2pa.types.model"):
        yield f"{AI_DISCLOSURE} has no modelType"


EDIT_RULES: tuple[Callable[[Credential], Iterator[str]], ...] = (edit_faults, _editor, _more_actions, _disclosure)
"""What the linter asks of an imported file in the place of what it asks of a made one."""


def _begin(credential: Credential) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Return the first two actions."""
    nothing: Mapping[str, Any] = {}
    found = [*_actions(credential), nothing, nothing]
    return found[0], found[1]


def _actions(credential: Credential) -> list[Mapping[str, Any]]:
    found = _mapping(credential.said.get(ACTIONS)).get("actions")
    return [_mapping(each) for each in found] if isinstance(found, list) else []


def _linked(opened: Mapping[str, Any]) -> list[Any]:
    found = _mapping(opened.get("parameters")).get("ingredients")
    return found if isinstance(found, list) else []


def _parents(credential: Credential) -> list[IngredientFinding]:
    own = [each for each in credential.ingredients if each.of == credential.manifest]
    return [each for each in own if each.relation == PARENT_OF]


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}

"""Lineage in W3C PROV: a document of the `prov` library, written as PROV-JSON or PROV-N by it.

PROV-DM says which kinds its relations go between. Where the log's own relation goes between others (an event that
follows from the world's beginning, an entity), the document has the relation that PROV has for these kinds.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from worldloom.provenance.errors import LineageError
from worldloom.provenance.lineage.kinds import NodeKind
from worldloom.provenance.lineage.part import Part

from .escaping import local_name, xml_text

if TYPE_CHECKING:
    from prov.model import ProvDocument

VOCABULARY = "urn:worldloom:lineage:"
"""Namespace of the attributes that PROV has no word for."""

_BY_TYPES = {
    ("entity", "entity"): "wasDerivedFrom",
    ("entity", "activity"): "wasGeneratedBy",
    ("entity", "agent"): "wasAttributedTo",
    ("activity", "entity"): "used",
    ("activity", "activity"): "wasInformedBy",
    ("activity", "agent"): "wasAssociatedWith",
    ("agent", "entity"): "wasDerivedFrom",
    ("agent", "activity"): "wasGeneratedBy",
    ("agent", "agent"): "actedOnBehalfOf",
}
"""The relation of PROV-DM for an effect and a cause of these types; a persona that rests on something is an entity,
too."""


def prov_document(part: Part) -> ProvDocument:
    """Return a part as a document of the `prov` library; raises LineageError where that is not installed."""
    try:
        from prov.model import ProvDocument  # noqa: PLC0415  (optional)
    except ImportError as error:
        raise LineageError("PROV needs the library prov. Do: pip install 'worldloom[lineage]'") from error
    document = ProvDocument()
    document.add_namespace("wl", VOCABULARY)
    run = document.add_namespace("run", f"urn:worldloom:run:{local_name(part.source.run)}:")
    names = {node: run[local_name(node)] for node in part.nodes}
    for node, facts in part.nodes.items():
        _element(document, names[node], node, facts)
    for effect, cause, _ in part.edges:
        word = _BY_TYPES[part.nodes[effect]["prov"], part.nodes[cause]["prov"]]
        relation: Callable[..., Any] = getattr(document, word)
        relation(names[effect], names[cause])
    return document


def prov_json(part: Part) -> str:
    """Return a part as PROV-JSON."""
    return str(prov_document(part).serialize(format="json", indent=1)) + "\n"


def prov_n(part: Part) -> str:
    """Return a part as PROV-N."""
    return str(prov_document(part).get_provn()) + "\n"


def _element(document: ProvDocument, name: Any, node: str, facts: Any) -> None:
    attributes = {"prov:label": xml_text(node), "prov:type": _type(document, facts["kind"])}
    for fact, value in facts.items():
        if fact not in ("kind", "prov", "entry") and value != "":
            attributes[f"wl:{fact}"] = xml_text(value) if isinstance(value, str) else value
    if facts["entry"] >= 0:
        attributes["wl:entry"] = facts["entry"]
    kind = facts["prov"]
    if kind == "activity":
        document.activity(name, other_attributes=attributes)
        return
    if kind == "agent":
        document.agent(name, attributes)
    document.entity(name, attributes if kind == "entity" else {"prov:type": _type(document, NodeKind.PERSONA)})


def _type(document: ProvDocument, kind: str) -> Any:
    return document.valid_qualified_name(f"wl:{kind}")

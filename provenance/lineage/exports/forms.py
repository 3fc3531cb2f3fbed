"""The formats in which lineage is handed on, by their names. What each looks like stands in its own file."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from enum import StrEnum

from worldloom.provenance.lineage.part import Part

from .dot import dot, mermaid
from .in_toto import in_toto
from .openlineage import open_lineage
from .plain import graphml, node_link
from .prov_document import prov_json, prov_n
from .svg import svg


class Form(StrEnum):
    """A format of another tool."""

    JSON = "json"
    GRAPHML = "graphml"
    DOT = "dot"
    SVG = "svg"
    MERMAID = "mermaid"
    PROV_JSON = "prov-json"
    PROV_N = "prov-n"
    OPEN_LINEAGE = "openlineage"
    IN_TOTO = "in-toto"


PICTURES = frozenset({Form.DOT, Form.SVG, Form.MERMAID})
"""Formats for eyes: more than some hundred nodes are of no use there."""

_WRITERS: Mapping[Form, Callable[[Part], str]] = {
    Form.JSON: lambda part: json.dumps(node_link(part)) + "\n",
    Form.GRAPHML: graphml,
    Form.DOT: dot,
    Form.SVG: svg,
    Form.MERMAID: mermaid,
    Form.PROV_JSON: prov_json,
    Form.PROV_N: prov_n,
    Form.OPEN_LINEAGE: open_lineage,
    Form.IN_TOTO: in_toto,
}


def write(part: Part, form: Form) -> str:
    """Return a part in a format; raises LineageError where its library is not installed or it cannot say that."""
    return _WRITERS[form](part)

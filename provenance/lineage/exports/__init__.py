"""Lineage for other tools: W3C PROV, OpenLineage, in-toto, GraphML, pictures. One file a format; none reads a log."""

from __future__ import annotations

from .forms import Form, write

__all__ = ["Form", "write"]

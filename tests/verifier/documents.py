"""Finds the manifest store that is attached to a PDF (C2PA 2.2, A.3.2.4). Does not read it, nor the rest of the PDF."""

from __future__ import annotations

import re

from .carried import Carried, only
from .result import MalformedError

SPECIFICATION = re.compile(
    rb"<</AFRelationship/C2PA_Manifest/Subtype/application#2Fc2pa[^>]*/EF<</F ([0-9]{1,9}) 0 R>>"
)
MARKED = re.compile(rb"C2PA_Manifest|application#2Fc2pa")


def from_pdf(data: bytes) -> Carried:
    """The stream that the one file specification of relationship C2PA_Manifest names; all else is hashed."""
    if not data.startswith(b"%PDF-"):
        raise MalformedError("not a PDF")
    outside = list(SPECIFICATION.finditer(data))
    if len(outside) != 1 or len(MARKED.findall(data)) != 2:
        raise MalformedError(f"{len(outside)} file specifications of a C2PA manifest, expected exactly one")
    number = outside[0][1]
    streams = re.finditer(rb"(?:^|\n)" + number + rb" 0 obj\n<</Length ([0-9]{1,9})>>stream\n", data)
    found = []
    for hit in streams:
        start, length = hit.end(), int(hit[1])
        if not data[start + length :].startswith((b"\nendstream", b"endstream")):
            raise MalformedError("the manifest's stream has another length than it says")
        found.append(Carried(data[start : start + length], (start, length)))
    return only(found, "streams of the manifest")

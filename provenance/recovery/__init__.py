"""Recovery: finds in runs what a file was made from, its credential gone and its bytes changed. Audits nothing."""

from .held import runs_in
from .recover import FILE, LIKENESS, PAYLOAD, Found, Recovery, recover
from .told import render, to_json

__all__ = ["FILE", "LIKENESS", "PAYLOAD", "Found", "Recovery", "recover", "render", "runs_in", "to_json"]

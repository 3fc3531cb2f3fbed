"""Disclosure: which marks of its origin each made thing carries, and what two laws ask beyond. Gives no verdict."""

from .page import to_page
from .report import Disclosure, disclose
from .told import render, to_json

__all__ = ["Disclosure", "disclose", "render", "to_json", "to_page"]

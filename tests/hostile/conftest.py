"""Fixtures of hostile folders: the small run of tests/simulators/small_run.py, on disk, in memory and forged."""

from __future__ import annotations

import small_run

operator, stranger = small_run.operator, small_run.stranger
maker, forged = small_run.maker, small_run.forged
original, run = small_run.original, small_run.run
with_a_bad_ingredient = small_run.with_a_bad_ingredient

"""Fixtures of the tests of recovery: the gallery of tests/simulators/gallery_run.py."""

from __future__ import annotations

import gallery_run

gallery, build_gallery = gallery_run.gallery, gallery_run.build_gallery

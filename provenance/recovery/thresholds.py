"""How near is near enough, by family of codes: figures, measured on the things of six runs (docs/adr/0018).

Distances are bits of 256. Different things of real runs lay no nearer than 50 (pictures), 89 (sounds), 28 (texts: form
letters) and 10 (solids by one program); what was re-encoded lay within 62, 20, 0 and 0.
"""

from __future__ import annotations

REACH = {"picture": 72, "whole": 72, "drawn": 72, "drawn_whole": 72, "text": 90, "sound": 56, "data": 40}
"""Bits within which a closer look is taken."""

UNSEEN = {"picture": 40, "whole": 40, "drawn": 24, "drawn_whole": 24, "text": 24, "sound": 56, "data": 8}
"""Bits within which a code alone has to do, where the stored file is gone."""

ALIKE = {"picture": 970, "text": 910}
"""Per mille that a closer look asks for."""

"""Takes prompts off a report's page, and puts redacted files in the place of those that it shows. Knows no run."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping

from worldloom.cluster.closing.gallery import LONGEST_WORDS

GONE = "The operator has erased this prompt."


def redacted_page(page: bytes, prompts: Iterable[str], replaced: Mapping[bytes, bytes]) -> bytes:
    """Return the page without those prompts; `replaced` maps files that it may show to what they are now.

    Only whole prompts that a card shows are taken off: what somebody said in the world stays said.
    """
    from markupsafe import escape  # noqa: PLC0415  (start-up time)

    gone = _shown(GONE)
    for prompt in sorted(set(prompts), key=lambda each: (-len(each), each)):
        page = page.replace(_shown(str(escape(prompt[:LONGEST_WORDS]))), gone)
    for old, new in replaced.items():
        page = page.replace(base64.b64encode(old), base64.b64encode(new))
    return page


def _shown(text: str) -> bytes:
    """Return a text as the page's template puts it."""
    return f'<bdi class="t">{text}</bdi>'.encode()

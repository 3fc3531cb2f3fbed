"""Every error that agents raises on wrong input. A model's bad answer is not an error: it becomes `wait` with a reason.

AgentsError
├── CastError         people that cannot be, a village without homes, an id that nobody here has
├── MindStateError    a saved state that no mind wrote
├── PromptError       a template that is missing or does not fit what is to be asked
└── StudioError       an answer that cannot become an artifact
"""

from __future__ import annotations


class AgentsError(Exception):
    """Root of the package's errors; `str()` says what was wrong, where, and what to do."""


class CastError(AgentsError):
    """People that cannot be, a village that cannot house them, or an id that nobody here has."""


class MindStateError(AgentsError):
    """A saved state (memories, acquaintances, plan) that no mind of this version wrote."""


class PromptError(AgentsError):
    """A prompt template that is missing, or whose fields are not given."""


class StudioError(AgentsError):
    """An answer that cannot become an artifact: failed, empty, or of a media type that is not allowed."""

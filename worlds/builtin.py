"""The actions that every world has, and plug-ins beside them. What each one does is in deeds and handling."""

from __future__ import annotations

from functools import reduce

from .actions import Actions
from .deeds import DEEDS
from .handling import HANDLING
from .trading import TRADING


def default_actions() -> Actions:
    """Return move, say, work, rest, wait, take, give, use, make, and those of installed plug-ins."""
    return reduce(Actions.with_kind, (*DEEDS, *HANDLING), Actions()).with_plugins()


def market_actions() -> Actions:
    """Return the default actions, offer and buy: what can be done in a world with a market."""
    return reduce(Actions.with_kind, TRADING, default_actions())

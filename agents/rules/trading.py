"""The rule expert at the market: food first, then what one lacks; a price goes up with sales and down without.

Who brings little to market asks more for each of it than who brings much, since a morning's work has to pay. Nobody
knows how much there is of anything: what is scarce sells out and becomes dear, what is left over becomes cheap.
"""

from __future__ import annotations

from .reading import Dice, Row, Sheet

MORNING, DEAREST, CHEAPEST = 24, 10, 3
"""Pennies that one hopes to earn with all that one brings, and the bounds of the first price of one thing."""

KEPT_FOOD = 2
"""How much food somebody keeps, or buys."""

LASTS = 40
"""Minutes for which goods ought to last: what sells faster is worth more."""

PATIENCE = 12
"""Minutes after which one asks less for what sells slower."""

FOOD = ("loaf", "fish", "stew", "apples")
SHARE, FOOD_SHARE, HUNGRY_SHARE = 4, 6, 3
"""One part in so many of the purse is what one would give for a thing, for food, and for food when hungry."""


def trade(sheet: Sheet, dice: Dice) -> dict[str, str]:
    """Answer a `trade` prompt."""
    stall = {row.kind: row for row in sheet.rows("stall", 2)}
    return _reprice(stall) or _offer(sheet, stall) or _buy(sheet, dice) or _answer("go on")


def _answer(do: str, target: str = "", price: int = 0) -> dict[str, str]:
    return {"do": do, "target": target, "price": str(min(99, price)) if price else ""}


def _reprice(stall: dict[str, Row]) -> dict[str, str] | None:
    """Ask more for what sells out too soon, less for what is left lying."""
    for row in stall.values():
        price = _number(row.facts[0])
        left, sold, minutes = (_number(part) for part in row.facts[1].replace(" in ", ", ").split(", "))
        change = max(1, price // 5)
        if not left:
            continue
        if sold * LASTS > left * minutes:
            return _answer("offer", row.label, price + change)
        if minutes >= PATIENCE and price > 1:
            return _answer("offer", row.label, max(1, price - change))
    return None


def _offer(sheet: Sheet, stall: dict[str, Row]) -> dict[str, str] | None:
    """Offer what one's own work brought forth."""
    for row in sheet.things:
        if row.facts[0] != "made" and row.kind not in stall and _own(sheet, row):
            return _answer("offer", row.label, min(DEAREST, max(CHEAPEST, MORNING // _number(row.facts[1]))))
    return None


def _own(sheet: Sheet, row: Row) -> bool:
    job = sheet.fields.get("job", "")
    return row.kind in _GOODS.get(job, ())


def _buy(sheet: Sheet, dice: Dice) -> dict[str, str] | None:
    """Buy something that one lacks and that is worth its price: food when hungry, else whatever one takes to."""
    purse = _number(sheet.fields.get("purse", "0"))
    carried = [row.kind for row in sheet.things]
    needs = sheet.fields.get("needs", "")
    hungry = "hunger strong" in needs or "hunger urgent" in needs
    fed = sum(kind in FOOD for kind in carried) >= KEPT_FOOD
    wanted = [row for row in sheet.rows("wares", 2) if row.kind not in carried and not (fed and row.kind in FOOD)]
    worth = [row for row in wanted if _number(row.facts[0]) * _share(row.kind, hungry=hungry) <= purse]
    food = [row for row in worth if row.kind in FOOD]
    chosen = food if hungry and food else worth
    if not chosen:
        return None
    kind = dice.pick(sorted({row.kind for row in chosen}))
    return _answer("buy", min((row for row in chosen if row.kind == kind), key=lambda row: _number(row.facts[0])).label)


def _share(kind: str, *, hungry: bool) -> int:
    """Return of how many parts of the purse one would give one for a thing."""
    if kind in FOOD:
        return HUNGRY_SHARE if hungry else FOOD_SHARE
    return SHARE


def _number(text: str) -> int:
    """Return the integer at the beginning of a text."""
    return int(text.partition(" ")[0])


_GOODS: dict[str, tuple[str, ...]] = {
    "fisher": ("fish",),
    "baker": ("loaf",),
    "innkeeper": ("stew",),
    "smith": ("knife",),
    "netmaker": ("net",),
    "carpenter": ("stool",),
    "priest": ("candle",),
    "healer": ("salve",),
    "fish smoker": ("fish",),
    "farmer": ("apples",),
    "miller": ("sack",),
    "shepherd": ("fleece", "apples"),
}
"""What each job sells: what its work brings forth."""

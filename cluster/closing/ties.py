"""Who belongs to whom: people as points, talk and family as lines between them, laid out once. No markup here."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from .naming import Names, hue, initials
from .record import Record

MOST_POINTS = 60
"""People in the drawing, those who talked most; more would be a thicket."""
SIDE, TALL, RIM = 760, 520, 44
_EACH = 5
"""Lines of talk that everybody keeps at least."""


class Point(NamedTuple):
    """Somebody: where in the drawing, radius by how much was said to and by them."""

    agent: str
    name: str
    initials: str
    hue: int
    x: float
    y: float
    radius: float
    talked: int


class Line(NamedTuple):
    """Two who talked or live together: `words` says how, `width` grows with what was said between them."""

    one: str
    two: str
    x1: float
    y1: float
    x2: float
    y2: float
    width: float
    family: bool
    words: str


class Ties(NamedTuple):
    """The drawing, the pairs that talked most in words, and how many people are not in it."""

    points: tuple[Point, ...]
    lines: tuple[Line, ...]
    closest: tuple[tuple[str, str, int, bool], ...]
    left_out: int


def ties(record: Record, names: Names, before: Ties | None = None) -> Ties | None:
    """Return the drawing; None where nobody has anybody. With the drawing `before`, points move little from there."""
    talk: Counter[tuple[str, str]] = Counter()
    for said in record.said:
        if said.row.actor and said.row.target and said.row.target in names.people:
            talk[_pair(said.row.actor, said.row.target)] += 1
    family = {_pair(each["agent"], other) for each in record.personas for other in each.get("household", ())}
    spoke: Counter[str] = Counter()
    for (one, two), count in talk.items():
        spoke[one] += count
        spoke[two] += count
    everybody = [persona["agent"] for persona in record.personas]
    shown = sorted(everybody, key=lambda agent: (-spoke[agent], everybody.index(agent)))[:MOST_POINTS]
    talk = Counter({pair: count for pair, count in talk.items() if pair[0] in shown and pair[1] in shown})
    family = {pair for pair in family if pair[0] in shown and pair[1] in shown}
    if not talk and not family:
        return None
    places = _layout(sorted(shown, key=everybody.index), talk, family, before)
    most = max([1, *talk.values()])
    kept = _kept(talk) | family
    lines = tuple(
        Line(
            *pair,
            *places[pair[0]],
            *places[pair[1]],
            width=round(0.8 + 5.2 * (talk[pair] / most) ** 0.6, 1) if talk[pair] else 0.8,
            family=pair in family,
            words=_words(pair, talk[pair], pair in family, names),
        )
        for pair in sorted(kept, key=lambda pair: (talk[pair], pair))
    )
    loudest = max([1, *spoke.values()])
    points = tuple(
        Point(
            agent,
            names.person(agent),
            initials(names.person(agent)),
            hue(agent),
            *places[agent],
            radius=round(11 + 9 * (spoke[agent] / loudest) ** 0.5, 1),
            talked=spoke[agent],
        )
        for agent in sorted(shown, key=everybody.index)
    )
    closest = tuple(
        (names.person(pair[0]), names.person(pair[1]), count, pair in family) for pair, count in talk.most_common(12)
    )
    return Ties(points, lines, closest, len(everybody) - len(shown))


def _pair(one: str, two: str) -> tuple[str, str]:
    return (one, two) if (len(one), one) < (len(two), two) else (two, one)


def _kept(talk: Counter[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return everybody's strongest lines of talk."""
    mine: dict[str, list[tuple[int, tuple[str, str]]]] = {}
    for pair, count in talk.items():
        for agent in pair:
            mine.setdefault(agent, []).append((-count, pair))
    return {pair for found in mine.values() for _, pair in sorted(found)[:_EACH]}


def _layout(
    agents: list[str], talk: Counter[tuple[str, str]], family: set[tuple[str, str]], before: Ties | None = None
) -> dict[str, tuple[float, float]]:
    """Return (x, y) by agent inside the drawing; the same for the same run and the same drawing before."""
    import networkx as nx  # noqa: PLC0415  (heavy)

    graph = nx.Graph()
    graph.add_nodes_from(agents)
    for pair, count in sorted(talk.items()):
        graph.add_edge(*pair, weight=count**0.5)
    for pair in sorted(family):
        graph.add_edge(*pair, weight=2 + talk[pair] ** 0.5)
    known = {point.agent: (point.x / SIDE * 2 - 1, point.y / TALL * 2 - 1) for point in before.points} if before else {}
    placed = {agent: place for agent, place in known.items() if agent in graph} or None
    rounds = 60 if placed else 300
    found = nx.spring_layout(graph, pos=placed, seed=7, iterations=rounds, k=2.2 / len(agents) ** 0.5, weight="weight")
    xs, ys = [float(found[agent][0]) for agent in agents], [float(found[agent][1]) for agent in agents]
    wide, tall = max(max(xs) - min(xs), 1e-9), max(max(ys) - min(ys), 1e-9)
    return {
        agent: (
            round(RIM + (x - min(xs)) / wide * (SIDE - 2 * RIM), 1),
            round(RIM + (y - min(ys)) / tall * (TALL - 2 * RIM), 1),
        )
        for agent, x, y in zip(agents, xs, ys, strict=True)
    }


def _words(pair: tuple[str, str], count: int, family: bool, names: Names) -> str:
    said = f"{count} {'sentence' if count == 1 else 'sentences'} to each other" if count else "no word to each other"
    return f"{names.person(pair[0])} and {names.person(pair[1])}: {said}" + (", one household" if family else "")

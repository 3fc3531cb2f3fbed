"""Lineage as a picture: SVG of our own, light and dark, that loads nothing and runs nothing."""

from __future__ import annotations

from collections.abc import Iterable

from worldloom.provenance.lineage.part import Part

from .escaping import flat, xml
from .labels import Label, label
from .layers import Places, places

_BOX, _HIGH, _COLUMN, _ROW = 228, 58, 300, 74
"""Width and height of a box, width of a column, height of a row; pixels."""
_MARGIN, _HEAD, _FOOT = 32, 76, 64
_LEAST = 680
"""Width that head and foot need."""
_LEGEND = (
    ("#6d5bd0", "scenario, world"),
    ("#c2410c", "person"),
    ("#b45309", "decision"),
    ("#be185d", "memory"),
    ("#2563eb", "event"),
    ("#64748b", "prompt"),
    ("#0f766e", "model"),
    ("#15803d", "made thing"),
    ("#dc2626", "gap"),
)
_STYLE = """
svg{--paper:#fbfaf7;--ink:#1c1917;--soft:#57534e;--line:#d6d3d1;--box:#fff;background:var(--paper)}
@media (prefers-color-scheme:dark){svg{--paper:#16181d;--ink:#f1efe9;--soft:#a8a29e;--line:#3b3f46;--box:#1f2228}}
text{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;fill:var(--ink)}
.paper{fill:var(--paper)}.box{fill:var(--box);stroke:var(--line)}.asked .box{stroke-width:2.5}
.kind{font-size:11px;fill:var(--soft);letter-spacing:.02em}.what{font-size:13.5px;font-weight:600}
.name{font-size:10.5px;fill:var(--soft);font-family:ui-monospace,"SF Mono",Menlo,Consolas,monospace}
.title{font-size:18px;font-weight:650}.told,.legend{font-size:12px;fill:var(--soft)}
path{fill:none;stroke-width:1.4;stroke-opacity:.5}.who{stroke-dasharray:2 4}
g.node:hover .box{stroke:var(--soft)}path:hover{stroke-opacity:1;stroke-width:2.4}
"""
_WHO = ("wasAttributedTo", "wasAssociatedWith")


def svg(part: Part) -> str:
    """Return a part as an SVG document: causes to the left, a dotted line to the person behind a thing."""
    labels = {node: label(node, facts) for node, facts in part.nodes.items()}
    found = places(list(part.nodes), [(edge.effect, edge.cause) for edge in part.edges])
    width = max(_LEAST, found.width * _COLUMN - (_COLUMN - _BOX) + 2 * _MARGIN)
    height = _HEAD + round(found.height * _ROW) + _FOOT
    title, told = _title(part, labels)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        'role="img" aria-labelledby="title told">',
        f"<style>{_STYLE}</style>",
        f'<rect class="paper" width="{width}" height="{height}"/>',
        f'<text id="title" class="title" x="{_MARGIN}" y="34">{xml(title)}</text>',
        f'<text id="told" class="told" x="{_MARGIN}" y="56">{xml(told)}</text>',
        *_lines(part, found, labels),
        *(_box(node in part.of, labels[node], *_corner(found, node)) for node in part.nodes),
        *_legend(labels.values(), height),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _title(part: Part, labels: dict[str, Label]) -> tuple[str, str]:
    about = labels[part.of[0]].what if part.of else "Lineage"
    more = f" and {len(part.of) - 1} more" if len(part.of) > 1 else ""
    cut = "" if part.whole else ", the nearest of more"
    told = f"run {part.source.run} · {len(part.nodes)} nodes{cut} · everything rests on what is to its left"
    return flat(about + more, 60), flat(told, 110)


def _corner(found: Places, node: str) -> tuple[int, int]:
    return _MARGIN + found.columns[node] * _COLUMN, _HEAD + round(found.rows[node] * _ROW)


def _lines(part: Part, found: Places, labels: dict[str, Label]) -> Iterable[str]:
    for effect, cause, relation in part.edges:
        who = ' class="who"' if relation in _WHO else ""
        yield (
            f'<path{who} stroke="{labels[cause].colour}" d="{_way(found, effect, cause)}">'
            f"<title>{xml(relation)}</title></path>"
        )


def _way(found: Places, effect: str, cause: str) -> str:
    """Return a line from the right side of a cause along its lanes to the left side of an effect."""
    x, y = _corner(found, cause)
    x, y = x + _BOX, y + _HIGH // 2
    parts = [f"M{x} {y}"]
    bend = (_COLUMN - _BOX) // 2
    for row in found.lanes[effect, cause]:
        across = _HEAD + round(row * _ROW + _ROW * 0.15)
        parts.append(f"C{x + bend} {y} {x + bend} {across} {x + 2 * bend} {across}H{x + _COLUMN}")
        x, y = x + _COLUMN, across
    end = _corner(found, effect)[1] + _HIGH // 2
    parts.append(f"C{x + bend} {y} {x + bend} {end} {x + 2 * bend} {end}")
    return "".join(parts)


def _box(asked: bool, said: Label, x: int, y: int) -> str:
    stroke = f' style="stroke:{said.colour}"' if asked else ""
    name = f'<text class="name" x="16" y="51">{xml(said.name)}</text>' if said.name else ""
    return (
        f'<g class="node{" asked" if asked else ""}" transform="translate({x} {y})"><title>{xml(said.whole)}</title>'
        f'<rect class="box"{stroke} width="{_BOX}" height="{_HIGH}" rx="8"/>'
        f'<rect x="0" y="10" width="4" height="{_HIGH - 20}" rx="2" fill="{said.colour}"/>'
        f'<text class="kind" x="16" y="18">{xml(said.kind)}</text>'
        f'<text class="what" x="16" y="36">{xml(said.what)}</text>{name}</g>'
    )


def _legend(labels: Iterable[Label], height: int) -> Iterable[str]:
    used = {each.colour for each in labels}
    x = _MARGIN
    for colour, words in _LEGEND:
        if colour in used:
            yield f'<circle cx="{x + 5}" cy="{height - 28}" r="5" fill="{colour}"/>'
            yield f'<text class="legend" x="{x + 16}" y="{height - 24}">{words}</text>'
            x += 34 + 7 * len(words)

"""The disclosure report as one self-contained page: no script, nothing fetched, everything from files escaped."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from importlib.resources import files
from string import Template

from .laws import MISSING, OPEN, PARTLY, THERE, Answer, Duty, Law
from .report import Disclosure, Group
from .told import CHECKED, NO_VERDICT, layers, licences, made_by, shown, told_of

_SIGNS = {THERE: "✓", PARTLY: "◐", MISSING: "✕", OPEN: "?"}
_CLASSES = {THERE: "there", PARTLY: "partly", MISSING: "missing", OPEN: "open"}
_NOT_ASKED = "No trained model made these; what the laws ask is about that."
_MOST_FILES = 400
"""Files of a group that the page lists; JSON has all."""


def to_page(report: Disclosure) -> str:
    """Return the page as HTML."""
    template = Template(files(__package__).joinpath("page.html").read_text("utf-8"))
    return template.substitute(
        name=_text(report.run.rstrip("/").rpartition("/")[2]),
        run=_text(report.run_id),
        day=report.day.isoformat(),
        sealed="sealed" if report.sealed else "not sealed",
        things=f"{report.things:,}",
        by_model=f"{report.by_model:,}",
        groups=str(len(report.groups)),
        verdict=_text(NO_VERDICT),
        checked=_text(CHECKED),
        overview="".join(map(_row, enumerate(report.groups, 1))),
        sections="".join(map(_section, enumerate(report.groups, 1))),
        laws="".join(map(_law, report.laws)),
    )


def _row(numbered: tuple[int, Group]) -> str:
    number, group = numbered
    marks = group.marks
    signed = (THERE if marks.where == "inside" else PARTLY) if marks.holds else MISSING
    cells = [
        f'<a href="#group-{number}">{_text(group.family)} ({len(group.things):,})</a>',
        _text(group.maker.model or group.maker.backend),
        _sign(signed),
        _sign(THERE if marks.soft_binding else PARTLY if marks.fingerprints else MISSING),
        _sign(MISSING),
        _sign(MISSING),
        _sign(THERE if marks.logged else MISSING),
        _tally(answer for _, answer in group.answers),
    ]
    first, *rest = cells
    return f'<tr><th scope="row">{first}</th>{"".join(f"<td>{cell}</td>" for cell in rest)}</tr>'


def _section(numbered: tuple[int, Group]) -> str:
    number, group = numbered
    facts = [("made", made_by(group.maker)), ("licences", licences(group.maker)), *layers(group.marks)]
    told = "".join(f"<dt>{_text(name)}</dt><dd>{_text(what)}</dd>" for name, what in facts)
    duties = "".join(_duty(duty, answer) for duty, answer in group.answers)
    asked = f'<ul class="duties">{duties}</ul>' if duties else f'<p class="checked">{_NOT_ASKED}</p>'
    listed = "".join(
        f"<li><code>{_text(each.path)}</code> {_text(each.title) if each.title != each.path else ''}</li>"
        for each in group.things[:_MOST_FILES]
    )
    more = len(group.things) - _MOST_FILES
    rest = f"<p>… and {more:,} more; <code>--json</code> has all.</p>" if more > 0 else ""
    return (
        f'<section id="group-{number}"><h2>{_text(group.family)} ({len(group.things):,}) '
        f"<small>{_text(group.maker.model or group.maker.backend)}</small></h2>"
        f'<div class="two"><div><dl>{told}</dl>'
        f"<details><summary>The files</summary><ol>{listed}</ol>{rest}</details></div>"
        f"<div>{asked}</div></div></section>"
    )


def _duty(duty: Duty, answer: Answer) -> str:
    return (
        f'<li class="{_CLASSES[answer.state]}"><p class="asks"><b>{_text(answer.state)}</b> {_text(duty.asks)} '
        f"<cite>{_text(duty.law)} {_text(duty.article)}</cite></p><p>{_text(answer.why)}</p></li>"
    )


def _law(law: Law) -> str:
    told = "".join(f"<dt>{word}</dt><dd>{_text(what)}</dd>" for word, what in told_of(law))
    return f"<section><h2>{_text(law.name)}</h2><dl>{told}</dl></section>"


def _tally(answers: Iterable[Answer]) -> str:
    states = [answer.state for answer in answers]
    if not states:
        return '<span class="none">–</span>'
    return " ".join(
        f'<span class="{_CLASSES[state]}">{_SIGNS[state]}&nbsp;{states.count(state)}</span>'
        for state in (THERE, PARTLY, MISSING, OPEN)
        if state in states
    )


def _sign(state: str) -> str:
    return f'<span class="{_CLASSES[state]}" role="img" aria-label="{state}">{_SIGNS[state]}</span>'


def _text(text: str) -> str:
    return escape(shown(text))

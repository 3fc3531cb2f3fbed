"""report.html: a whole run on one self-contained page, made from its log and files. Evidence stays in the folder."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from worldloom.provenance.audit import AuditResult
from worldloom.provenance.errors import FormatError
from worldloom.provenance.folder import RUN_JSON, WORLD, read_run
from worldloom.provenance.lineage import Lineage
from worldloom.provenance.log_reader import LogReader
from worldloom.provenance.storage import Storage
from worldloom.worlds.clock import clock_text

from . import ancestry, news, wellbeing
from .assets import block, digest, script, source, viewer, viewer_digest
from .calls import paid, read_calls
from .cast import MOST_PEOPLE, people
from .day import HEIGHT, TALL, WIDTH, last_needs, read_day
from .enacting import MOST_AGENT_STEPS, Track, enact
from .gallery import Hanging
from .happenings import event_list
from .land import LandFound, read_land
from .media import map_preview
from .naming import Names, read_names
from .record import Record, read_record
from .rendering import environment, safe
from .stage_data import NEEDS_NAMED, event_data, run_data
from .story import story
from .summary import RunSummary, model_name
from .talk import MOST_LINES, chains, spots, told_events
from .ties import SIDE, ties
from .ties import TALL as TIES_TALL
from .verdict import Verdict
from .world_copy import WorldCopy, world_copy

_MAP, _GLB = f"{WORLD}map.png", f"{WORLD}world.glb"
MOST_PAGE = 15_000_000
"""Bytes of a page that has a world in three dimensions; without room for it the world is named only."""
CONTENTS = (
    ("map", "Map"),
    ("story", "Story"),
    ("people", "People"),
    ("ties", "Ties"),
    ("news", "News"),
    ("world", "3D"),
    ("made", "Made"),
    ("talk", "Talk"),
    ("day", "Time"),
    ("models", "Models"),
    ("events", "Events"),
    ("audit", "Audit"),
)
"""The page's sections in their order: anchor and words."""


def write_report(storage: Storage, audit: AuditResult, summary: RunSummary) -> bytes:
    """Return the page's bytes: UTF-8 HTML that loads nothing from anywhere and stays below 15 MB (`media`).

    `audit` is the result of the audit before the seal. Raises FormatError, StorageError or LogError as the log's
    reader does, LineageError for a body of the wrong shape.
    """
    run = _Run.of(storage)
    values = {
        **_outside(run, summary, Verdict.of(audit)),
        **_moving(run),
        **_told(run),
        **_measured(run, summary),
        **_pictures(run, Verdict.of(audit)),
    }
    world = world_copy(storage, _GLB)
    page = _rendered(values, world)
    if len(page) > MOST_PAGE and world.packed:
        page = _rendered(
            values, WorldCopy("", world.size, f"{_GLB} has no room on this page; any viewer of glTF opens it.")
        )
    return page


def _rendered(values: Mapping[str, Any], world: WorldCopy) -> bytes:
    return environment().get_template("report.html.j2").render(**values, world=world).encode()


class _Run(NamedTuple):
    """What is read of a run once, for all parts of the page."""

    storage: Storage
    record: Record
    lineage: Lineage
    found: LandFound
    names: Names
    track: Track | None

    @classmethod
    def of(cls, storage: Storage) -> _Run:
        record = read_record(LogReader(storage))
        lineage = Lineage.of(storage)
        found = read_land(storage, record)
        return cls(storage, record, lineage, found, read_names(record, found), enact(record, found.land))


def _outside(run: _Run, summary: RunSummary, verdict: Verdict) -> dict[str, Any]:
    """Return what frames the page: its style and code with the digests that its policy names, title, audit."""
    css, code = source("report.css"), script()
    return {
        "css": safe(css),
        "css_hash": digest(css),
        "script": safe(code),
        "script_hash": digest(code),
        "viewer": viewer(),
        "viewer_hash": viewer_digest(),
        "run": _run_id(run.storage),
        "title": _title(run.record),
        "contents": CONTENTS,
        "names": run.names,
        "record": run.record,
        "begins": clock_text(run.record.start),
        "ends": clock_text(run.record.end),
        "summary": summary,
        "verdict": verdict,
    }


def _moving(run: _Run) -> dict[str, Any]:
    """Return what moves on the map, and why nothing does."""
    return {
        "run_data": safe(block(run_data(run.record, run.names, run.track, run.found.land))),
        "track": run.track,
        "no_track": _why_no_track(run.record, run.found.note),
    }


def _told(run: _Run) -> dict[str, Any]:
    """Return what is told in sentences and who knew of it, with the events that it leads to."""
    record, lineage, names = run.record, run.lineage, run.names
    facts = chains(lineage, names, record)
    chapters = story(record, lineage, names, [chain.event for chain in facts if chain.told][:2])
    cited = _cited(chapters, facts)
    listed = event_list(record, names, cited)
    return {
        "chapters": chapters,
        "cited": cited,
        "event_list": listed,
        "event_data": safe(block(event_data(record, listed))),
        "chains": facts,
        "spots": spots(record, names, told_events(lineage, facts[0]) if facts else frozenset()),
        "most_lines": MOST_LINES,
        "news_size": (news.WIDE, news.CURVE, news.LEFT),
    }


def _measured(run: _Run, summary: RunSummary) -> dict[str, Any]:
    """Return what is counted and drawn as charts: ties, needs, calls of models, time."""
    calls = read_calls(run.storage, run.record.scenario.get("generators", {}))
    return {
        "ties": ties(run.record, run.names),
        "ties_size": (SIDE, TIES_TALL),
        "wellbeing": wellbeing.wellbeing(run.track),
        "large": (wellbeing.LARGE, wellbeing.HIGH),
        "small": (wellbeing.WIDE, wellbeing.TALL),
        "pressed": wellbeing.PRESSED,
        "needs_named": NEEDS_NAMED,
        "calls": calls,
        "charged": paid(calls),
        "models": [(use, model_name(use.identity)) for use in summary.models],
        "times": _times(summary.time_by_part),
        "day": read_day(run.record),
        "size": {"width": WIDTH, "height": HEIGHT, "tall": TALL},
    }


def _pictures(run: _Run, verdict: Verdict) -> dict[str, Any]:
    """Return what shows files of the run: map, cast and walls."""
    hanging = Hanging(run.storage, run.names, run.lineage, verdict)
    land, faces, needs = map_preview(run.storage, _MAP), hanging.faces(run.record), last_needs(run.storage)
    return {
        "map": land.uri,
        "no_map": land.note,
        "faces": faces,
        "cast": people(run.record, run.names, needs, faces),
        "most_people": MOST_PEOPLE,
        "needs_at": clock_text(max(needs)) if needs else "",
        "walls": hanging.walls(run.record),
        "box_size": (ancestry.BOX, ancestry.HIGH),
    }


def _cited(chapters: Any, facts: Any) -> frozenset[str]:
    """Return the events that the page leads to."""
    told = {sentence.event for chapter in chapters for sentence in chapter.sentences}
    drawn = {heard.event for chain in facts if chain.drawing for heard in chain.drawing.heard}
    return frozenset(told | drawn)


def _why_no_track(record: Record, note: str) -> str:
    if note:
        return f"{note}."
    step = record.scenario.get("scenario", {}).get("step_seconds", 60)
    if len(record.personas) * (record.end - record.start) // max(1, step) > MOST_AGENT_STEPS:
        return f"the run has more than {MOST_AGENT_STEPS:,} agent-steps, too many to do again for a page."
    return "the log does not say where anybody walked."


def _title(record: Record) -> str:
    scenario = record.scenario.get("scenario", {})
    return str(scenario.get("title") or scenario.get("name") or "A run")


def _run_id(storage: Storage) -> str:
    if not storage.exists(RUN_JSON):
        raise FormatError(f"{RUN_JSON}: missing; a report is made of a whole run folder")
    return read_run(storage).run_id


def _times(seconds: Mapping[str, float]) -> list[tuple[str, str, int]]:
    """Return part, seconds as text, and percent of the longest part."""
    longest = max(seconds.values(), default=0.0)
    return [
        (part, f"{value:.1f}", round(100 * value / longest))
        for part, value in sorted(seconds.items(), key=lambda item: -item[1])
        if value >= 0.05
    ]

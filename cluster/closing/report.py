"""report.html: a whole run on one self-contained page, made from its log and files. Evidence stays in the folder."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from worldloom.provenance.audit import AuditResult
from worldloom.provenance.errors import FormatError
from worldloom.provenance.folder import RUN_JSON, WORLD, read_run
from worldloom.provenance.lineage import Lineage
from worldloom.provenance.log_reader import LogReader
from worldloom.provenance.storage import Storage
from worldloom.provenance.text import clean_text
from worldloom.worlds.clock import clock_text

from .cast import MOST_PEOPLE, people
from .day import HEIGHT, TALL, WIDTH, read_day, read_needs
from .gallery import Hanging
from .media import map_preview
from .naming import read_names
from .record import Record, read_record
from .summary import RunSummary, model_name
from .talk import MOST_LINES, chains, spots, told_events
from .verdict import Verdict

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

_MAP = f"{WORLD}map.png"
_DATA_URI = re.compile(r"data:(?:image/(?:png|jpeg|svg\+xml)|audio/wav);base64,[A-Za-z0-9+/]+=*\Z")


def write_report(storage: Storage, audit: AuditResult, summary: RunSummary) -> bytes:
    """Return the page's bytes: UTF-8 HTML that loads nothing, runs nothing, and stays below 7 MB (`media`).

    `audit` is the result of the audit before the seal. Raises FormatError, StorageError or LogError as the log's
    reader does, LineageError for a body of the wrong shape.
    """
    record = read_record(LogReader(storage))
    lineage = Lineage.of(storage)
    names = read_names(storage, record)
    verdict = Verdict.of(audit)
    facts = chains(lineage, names)
    told = told_events(lineage, facts[0]) if facts else frozenset()
    hanging = Hanging(storage, names, lineage, verdict)
    land, faces = map_preview(storage, _MAP), hanging.faces(record)
    needs = read_needs(storage)
    page = _environment().get_template("report.html.j2")
    css = _css()
    return page.render(
        css=_safe(css),
        css_hash=base64.b64encode(hashlib.sha256(css.encode()).digest()).decode(),
        run=_run_id(storage),
        title=_title(record),
        names=names,
        record=record,
        begins=clock_text(record.start),
        ends=clock_text(record.end),
        summary=summary,
        map=land.uri,
        no_map=land.note,
        cast=people(record, names, needs, faces),
        faces=faces,
        needs_at=clock_text(max(needs)) if needs else "",
        most_people=MOST_PEOPLE,
        walls=hanging.walls(record),
        day=read_day(record, needs),
        size={"width": WIDTH, "height": HEIGHT, "tall": TALL},
        chains=facts,
        spots=spots(record, names, told),
        most_lines=MOST_LINES,
        models=[(use, model_name(use.identity)) for use in summary.models],
        times=_times(summary.time_by_part),
        verdict=verdict,
    ).encode()


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


@cache
def _environment() -> Environment:
    from jinja2 import DictLoader, Environment, StrictUndefined  # noqa: PLC0415  (heavy)

    folder = files("worldloom.cluster.closing.templates")
    sources = {item.name: item.read_text("utf-8") for item in folder.iterdir() if item.name.endswith(".j2")}
    environment = Environment(
        loader=DictLoader(sources),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_fit,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"uri": _uri, "many": _many, "clock": clock_text, "bytes": _bytes}
    return environment


def _css() -> str:
    return files("worldloom.cluster.closing.templates").joinpath("report.css.j2").read_text("utf-8")


def _safe(text: str) -> Markup:
    from markupsafe import Markup  # noqa: PLC0415  (heavy)

    return Markup(text)  # noqa: S704  (only our own style sheet, and what `_uri` has checked)


def _fit(value: Any) -> Any:
    """Take control and bidirectional characters out of all text that reaches the page; escaping follows."""
    from markupsafe import Markup  # noqa: PLC0415  (heavy)

    return clean_text(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _uri(text: str) -> Markup:
    """Let a data: URI of a picture or sound through whole; raises FormatError for any other text."""
    if not _DATA_URI.match(text):
        raise FormatError(f"{text[:40]!r} is not a picture's or sound's data: URI")
    return _safe(text)


def _many(count: int, one: str, several: str = "") -> str:
    """`1 person`, `2 people`, `1,200 things`."""
    return f"{count:,} {one if count == 1 else several or one + 's'}"


def _bytes(size: int) -> str:
    return f"{size:,} bytes" if size < 10_000 else f"{size // 1000:,} kB"

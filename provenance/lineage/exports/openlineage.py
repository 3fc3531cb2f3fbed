"""Lineage as events of OpenLineage, one for each thing that was made or done, by the classes of its own client.

An activity (decision, event, training) is a run whose inputs are the entities that it used. A made entity is the output
of a run of its own, whose parent is the activity that made it. Times are simulated seconds, counted from the year 1970:
a log's content knows no wall clock.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

from worldloom.provenance.errors import LineageError
from worldloom.provenance.lineage.part import Part

from .escaping import xml_text

if TYPE_CHECKING:
    from openlineage.client.event_v2 import RunEvent
    from openlineage.client.facet_v2 import RunFacet

PRODUCER = "urn:worldloom:lineage"
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_MOST_SECONDS = 250_000_000_000
"""Behind it there is no date."""


def open_lineage(part: Part) -> str:
    """Return a part as one JSON event a line, in the order of the log.

    Raises LineageError where the client of OpenLineage is not installed.
    """
    return "".join(f"{json.dumps(event, sort_keys=True)}\n" for event in map(_plain, events(part)))


def events(part: Part) -> Iterator[RunEvent]:
    """Yield the events as the client's own values, which check themselves."""
    try:
        from openlineage.client import event_v2 as v2  # noqa: PLC0415  (optional)
        from openlineage.client.generated.documentation_dataset import (  # noqa: PLC0415
            DocumentationDatasetFacet,
        )
        from openlineage.client.generated.job_type_job import JobTypeJobFacet  # noqa: PLC0415
        from openlineage.client.generated.parent_run import Job, ParentRunFacet, Run  # noqa: PLC0415
    except ImportError as error:
        raise LineageError("OpenLineage needs its client. Do: pip install 'worldloom[lineage]'") from error
    space = f"worldloom:{part.source.run}"

    def dataset(node: str) -> dict[str, Any]:
        what = str(part.nodes[node].get("what", ""))
        facets = {"documentation": DocumentationDatasetFacet(description=xml_text(what), producer=PRODUCER)}
        return {"namespace": space, "name": xml_text(node), "facets": facets}

    rests_on: dict[str, list[str]] = {}
    for edge in part.edges:
        rests_on.setdefault(edge.effect, []).append(edge.cause)
    for node, facts in part.nodes.items():
        causes = rests_on.get(node, [])
        if not causes and facts["prov"] != "activity":
            continue
        activity = facts["prov"] == "activity"
        makers = [cause for cause in causes if part.nodes[cause]["prov"] == "activity"]
        job = f"{'' if activity else 'make '}{facts['kind']}"
        run_facets: dict[str, RunFacet] = {}
        if makers:
            maker = makers[0]
            run_facets["parent"] = ParentRunFacet(
                run=Run(runId=_run_id(part, maker)),
                job=Job(namespace=space, name=str(part.nodes[maker]["kind"])),
                producer=PRODUCER,
            )
        job_type = JobTypeJobFacet(processingType="BATCH", integration="WORLDLOOM", jobType=job, producer=PRODUCER)
        yield v2.RunEvent(
            eventTime=_time(facts),
            eventType=v2.RunState.COMPLETE,
            run=v2.Run(runId=_run_id(part, node), facets=run_facets),
            job=v2.Job(namespace=space, name=job, facets={"jobType": job_type}),
            inputs=[v2.InputDataset(**dataset(cause)) for cause in causes if part.nodes[cause]["prov"] != "activity"],
            outputs=[] if activity else [v2.OutputDataset(**dataset(node))],
            producer=PRODUCER,
        )


def _plain(event: RunEvent) -> Mapping[str, Any]:
    from openlineage.client.serde import Serde  # noqa: PLC0415  (optional)

    return Serde.to_dict(event)


def _run_id(part: Part, node: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"urn:worldloom:run:{part.source.run}:{node}"))


def _time(facts: Mapping[str, Any]) -> str:
    seconds = min(max(int(facts.get("time", 0)), 0), _MOST_SECONDS)
    return (_BEGINNING + timedelta(seconds=seconds)).isoformat()

"""What lineage writes for other tools is read by those tools, whatever names stand in it."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ElementTree
from io import BytesIO, StringIO

import networkx as nx
import prov_n_reader
import pydot
import pytest
from in_toto_attestation.v1.resource_descriptor import ResourceDescriptor
from in_toto_attestation.v1.statement import Statement
from openlineage.client import event_v2
from prov.model import ProvDocument, ProvRecord
from worldloom.provenance.errors import LineageError
from worldloom.provenance.lineage import Form, Lineage, write
from worldloom.provenance.lineage.exports import openlineage
from worldloom.provenance.lineage.exports.layers import places
from worldloom.provenance.lineage.exports.prov_document import prov_document
from worldloom.provenance.lineage.part import Edge, Part, Source

SOURCE = Source("lineage", "worldloom.run/lineage", 7, "ab" * 32)
HOSTILE = {
    "quotes": '"\'`\\"',
    "markup": "</text><script>alert(1)</script><!--]]>&amp;&lt;",
    "line breaks": "one\ntwo\r\nthree\u2028four",
    "controls": "\x00\x1b[2J\x07\x7f\ufffe",
    "10 kB": "ä" * 10_000,
    "languages": ']; } "]; end subgraph x --> y %%{init: {}}%% click n0 href #quot; [label=<b>]',
    "PROV": "activity(x); endDocument \"\" %% prov:label, 'a:b' \\",
    "right to left": "\u202eabc",
    "nothing": "",
}


@pytest.fixture(scope="module")
def part(made) -> Part:
    return Lineage.of(made.storage).part(made.artifact.digest)


def hostile_part(text: str) -> Part:
    """A thing and its maker, whose names and words are all that text."""
    kinds = (("scenario", "entity"), ("decision", "activity"), ("persona", "agent"), ("artifact", "entity"))
    nodes = {
        f"{kind}{text}": {"kind": kind, "prov": prov, "entry": 1, "time": 60, "what": text, "agent": text, "path": text}
        for kind, prov in kinds
    }
    scenario, decision, persona, artifact = nodes
    nodes[artifact]["file"] = "cd" * 32
    edges = (
        Edge(decision, scenario, "used"),
        Edge(decision, persona, "wasAssociatedWith"),
        Edge(artifact, decision, "wasGeneratedBy"),
        Edge(artifact, persona, "wasAttributedTo"),
    )
    return Part(SOURCE, (artifact,), nodes, edges)


hostile = pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())


def test_every_form_is_the_same_each_time_and_text(part) -> None:
    for form in Form:
        assert write(part, form) == write(part, form)
        assert write(part, form).endswith("\n")
        assert write(part, form).encode()


# --- PROV ------------------------------------------------------------------------------------------------------------

TYPES = {
    "wasDerivedFrom": ("entity", "entity"),
    "wasGeneratedBy": ("entity", "activity"),
    "wasAttributedTo": ("entity", "agent"),
    "used": ("activity", "entity"),
    "wasInformedBy": ("activity", "activity"),
    "wasAssociatedWith": ("activity", "agent"),
}


def check_prov(part: Part) -> None:
    document = prov_document(part)
    again = ProvDocument.deserialize(content=write(part, Form.PROV_JSON), format="json")
    assert again == document
    typed: dict[str, set[str]] = {}
    relations: list[tuple[str, list[str]]] = []
    for record in document.get_records(ProvRecord):
        word = record.get_type().localpart.lower()
        if record.is_element():
            typed.setdefault(str(record.identifier), set()).add(word)
        else:
            relations.append(
                (record.get_provn().partition("(")[0], [str(value) for _, value in record.formal_attributes[:2]])
            )
    assert len(typed) == len(part.nodes)
    assert len(relations) == len(part.edges)
    for word, ends in relations:
        for end, wanted in zip(ends, TYPES[word], strict=True):
            assert wanted in typed[end], (word, end)


def test_prov_json_is_read_again_by_prov_and_relations_go_between_what_prov_dm_says(part) -> None:
    check_prov(part)


@hostile
def test_prov_takes_any_name(text) -> None:
    check_prov(hostile_part(text))


@hostile
def test_prov_n_has_a_statement_a_line_and_no_word_of_a_name_outside_quotes(text) -> None:
    part = hostile_part(text)
    lines = write(part, Form.PROV_N).splitlines()
    assert (lines[0], lines[-1]) == ("document", "endDocument")
    text_left = write(part, Form.PROV_N).replace("\\\\", "").replace('\\"', "")
    outside = "".join(piece for at, piece in enumerate(text_left.split('"')) if at % 2 == 0)
    assert re.sub(r"(run|wl):(scenario|decision|persona|artifact)?[\w%-]*", "", outside).count("endDocument") == 1
    assert not re.search(r"alert\(|subgraph |<script|%%", outside.replace(" %% xsd:", ""))


def check_prov_n(part: Part) -> None:
    """What the text says by its grammar is what the document says."""
    statements = prov_n_reader.read(write(part, Form.PROV_N))
    elements = [each for each in statements if each.word in ("entity", "activity", "agent")]
    assert {each.arguments[0] for each in elements} == {
        str(record.identifier) for record in prov_document(part).get_records(ProvRecord) if record.is_element()
    }
    assert len(statements) - len(elements) == len(part.edges)
    known = {each.arguments[0] for each in elements}
    assert all(set(each.arguments) - {"-"} <= known for each in statements)


def test_prov_n_is_read_again_by_its_grammar(part) -> None:
    check_prov_n(part)


@hostile
def test_prov_n_of_any_name_is_read_again(text) -> None:
    check_prov_n(hostile_part(text))


@pytest.mark.parametrize(
    "change", [("entity(", "entitty("), ("[", "[["), (")", ""), ("prefix run", "prefix rn"), ("endDoc", "Doc")]
)
def test_what_is_not_prov_n_is_not_read(part, change) -> None:
    with pytest.raises(ValueError):
        prov_n_reader.read(write(part, Form.PROV_N).replace(*change, 1))


def test_prov_has_weights_prompts_and_files(part) -> None:
    text = write(part, Form.PROV_JSON)
    assert "5a" * 32 in text
    assert part.nodes[part.of[0]]["file"] in text
    assert any(facts.get("prompt", "-") in text for facts in part.nodes.values())


# --- OpenLineage -----------------------------------------------------------------------------------------------------


def check_open_lineage(part: Part) -> list[event_v2.RunEvent]:
    events = list(openlineage.events(part))
    lines = write(part, Form.OPEN_LINEAGE).splitlines()
    assert len(lines) == len(events)
    for line, event in zip(lines, events, strict=True):
        told = json.loads(line)
        for side in ("inputs", "outputs"):
            assert [each["name"] for each in told[side]] == [each.name for each in getattr(event, side)]
        event_v2.RunEvent(  # the client's classes check what was written once more
            eventTime=told["eventTime"],
            producer=told["producer"],
            run=event_v2.Run(runId=told["run"]["runId"]),
            job=event_v2.Job(namespace=told["job"]["namespace"], name=told["job"]["name"]),
            eventType=event_v2.RunState(told["eventType"]),
        )
    return events


def test_openlineage_events_pass_the_clients_own_model_and_name_inputs_and_outputs(part) -> None:
    events = check_open_lineage(part)
    (making,) = [event for event in events if [out.name for out in event.outputs] == list(part.of)]
    assert {each.name.split(":")[0] for each in making.inputs} == {"model", "request", "agent-1"}
    (deciding,) = [event for event in events if event.job.name == "decision"]
    assert making.run.facets["parent"].run.runId == deciding.run.runId
    assert making.job.name == "make artifact"
    assert making.eventTime == "1970-01-01T06:01:00+00:00"


@hostile
def test_openlineage_takes_any_name(text) -> None:
    check_open_lineage(hostile_part(text))


# --- in-toto ---------------------------------------------------------------------------------------------------------


def check_statement(part: Part) -> dict:
    told = json.loads(write(part, Form.IN_TOTO))
    subjects = [ResourceDescriptor(name=each["name"], digest=each["digest"]).pb for each in told["subject"]]
    Statement(subjects, told["predicateType"], told["predicate"]).validate()
    assert told["_type"] == "https://in-toto.io/Statement/v1"
    return told


def test_an_in_toto_statement_is_about_the_file_and_names_the_log(made, part) -> None:
    told = check_statement(part)
    (subject,) = told["subject"]
    assert subject == {"name": made.path, "digest": {"sha256": part.nodes[part.of[0]]["file"]}}
    assert told["predicate"]["log"] == part.source._asdict()
    assert {node["id"] for node in told["predicate"]["nodes"]} == set(part.nodes)


def test_a_thing_without_a_file_is_told_by_its_content_and_what_has_no_digest_is_refused(made, opened) -> None:
    lineage = opened(made.storage)
    decision = next(row.id for row in lineage.ancestors(made.artifact.digest) if row.kind == "decision")
    (subject,) = check_statement(lineage.part(decision))["subject"]
    assert subject["digest"] == {"worldloomContent": made.decision}
    with pytest.raises(LineageError, match="has no digest of its own"):
        write(lineage.part("agent-1"), Form.IN_TOTO)


@hostile
def test_an_in_toto_statement_takes_any_name(text) -> None:
    check_statement(hostile_part(text))


# --- GraphML, JSON ---------------------------------------------------------------------------------------------------


def test_graphml_and_json_are_read_again_as_the_same_graph(part) -> None:
    graph = part.graph()
    again = nx.read_graphml(BytesIO(write(part, Form.GRAPHML).encode()))
    again.graph.clear()  # defaults, which are none
    assert nx.utils.graphs_equal(again, graph)
    told = json.loads(write(part, Form.JSON))
    assert {(edge["from"], edge["to"], edge["relation"]) for edge in told["edges"]} == set(part.edges)


@hostile
def test_graphml_takes_any_name(text) -> None:
    again = nx.read_graphml(StringIO(write(hostile_part(text), Form.GRAPHML)))
    assert (len(again), again.number_of_edges()) == (4, 4)


# --- pictures --------------------------------------------------------------------------------------------------------


@hostile
def test_dot_is_parsed_with_all_its_nodes_and_edges(text) -> None:
    (graph,) = pydot.graph_from_dot_data(write(hostile_part(text), Form.DOT))
    assert len([node for node in graph.get_nodes() if node.get_name() not in ("node", "edge")]) == 4
    assert len(graph.get_edges()) == 4
    assert graph.get_subgraphs() == []


@hostile
def test_svg_is_a_document_that_holds_nothing_but_its_own_elements(text) -> None:
    root = ElementTree.fromstring(write(hostile_part(text), Form.SVG))
    names = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert names == {"svg", "style", "rect", "text", "path", "title", "g", "circle"}
    attributes = {name for element in root.iter() for name in element.attrib}
    assert not any(name.startswith("on") or name.endswith("href") for name in attributes)
    assert len(write(hostile_part(text), Form.SVG)) < 12_000


@hostile
def test_mermaid_says_each_node_on_one_line_and_no_name_becomes_syntax(text) -> None:
    lines = write(hostile_part(text), Form.MERMAID).splitlines()
    assert lines[0] == "flowchart RL"
    assert [line.split()[0][:2] for line in lines[1:]] == ["n0", "n1", "n2", "n3"] + ["n1", "n1", "n3", "n3"] + [
        "st"
    ] * 4
    for line in lines[1:5]:
        words = line[line.index('"') + 1 : line.rindex('"')].replace("<br/>", "")
        assert not set(words) & set('"<>[]{}|`\\&%')


@pytest.mark.external
def test_mermaid_is_parsed_by_its_own_parser(part, node_script, tmp_path) -> None:
    parts = [part, *map(hostile_part, HOSTILE.values())]
    files = [tmp_path / f"{number}.mmd" for number in range(len(parts))]
    for file, each in zip(files, parts, strict=True):
        file.write_text(write(each, Form.MERMAID))
    for each, found in zip(parts, node_script("parse_mermaid.mjs", *map(str, files)), strict=True):
        assert found.get("type") == "flowchart-v2", found
        names = [f"n{number}" for number in range(len(each.nodes))]
        at = dict(zip(each.nodes, names, strict=True))
        assert sorted(found["nodes"]) == sorted(names)
        assert found["edges"] == [[at[effect], at[cause]] for effect, cause, _ in each.edges]


def test_a_picture_puts_causes_to_the_left_and_no_box_over_another(part) -> None:
    edges = [(edge.effect, edge.cause) for edge in part.edges]
    found = places(list(part.nodes), edges)
    assert all(found.columns[cause] < found.columns[effect] for effect, cause in edges)
    taken = [(found.columns[node], found.rows[node]) for node in part.nodes]
    for at, (column, row) in enumerate(taken):
        assert row >= -1e-9
        assert all(other != column or abs(row - below) > 1 - 1e-9 for other, below in taken[at + 1 :])


def test_a_picture_of_nothing_is_a_picture() -> None:
    ElementTree.fromstring(write(Part(SOURCE, (), {}, ()), Form.SVG))


def test_a_missing_library_is_said_with_what_to_install(part, monkeypatch) -> None:
    import sys

    for name, forms in (("prov.model", (Form.PROV_JSON, Form.PROV_N)), ("openlineage.client", (Form.OPEN_LINEAGE,))):
        monkeypatch.setitem(sys.modules, name, None)
        for form in forms:
            with pytest.raises(LineageError, match=r"worldloom\[lineage\]"):
                write(part, form)

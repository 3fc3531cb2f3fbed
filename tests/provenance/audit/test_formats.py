"""SARIF and JUnit of an audit: as their standards have it, whatever stands in names and messages."""

from __future__ import annotations

import json
from urllib.parse import unquote_to_bytes
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_sarif.model import StaticAnalysisResultsFormatSarifVersion210JsonSchema as Sarif
from worldloom.provenance.audit import Code, Finding, Level, State, audit, junit, sarif
from worldloom.provenance.audit.explained import questions
from worldloom.provenance.audit.findings import AuditResult, levels_of
from worldloom.provenance.audit.steps import FILE_STEPS, STEPS, ZIP_STEPS

TEXTS = st.text(st.characters(exclude_categories=()), max_size=30)
FINDINGS = st.builds(
    Finding, st.sampled_from(Level), st.sampled_from(Code), TEXTS, TEXTS, st.sampled_from(["names", "odd", ""])
)


@st.composite
def results(draw):
    findings = tuple(draw(st.lists(FINDINGS, max_size=4)))
    parts = tuple(
        AuditResult(draw(TEXTS), State.FILE, findings=(each,), levels=levels_of((), [each])) for each in findings[:2]
    )
    path, state = draw(TEXTS), draw(st.sampled_from(State))
    return AuditResult(path, state, levels=levels_of([Level.BYTES], findings), findings=findings, parts=parts)


@given(st.lists(results(), max_size=3))
def test_any_names_and_messages_give_valid_sarif(told):
    said = json.loads(json.dumps(sarif(told, "1.2.3", 10)))
    Sarif.model_validate(said)
    (run,) = said["runs"]
    assert len(run["results"]) == sum(len(each.findings) for each in told)
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert all(rules[each["ruleIndex"]] == each["ruleId"] for each in run["results"])


@given(st.lists(results(), max_size=3))
def test_any_names_and_messages_give_well_formed_junit(told):
    root = ET.fromstring(junit(told).encode())
    assert root.tag == "testsuites"
    assert len(root) == len(told)
    cases = list(root.iter("testcase"))
    assert int(root.get("tests")) == len(cases)
    assert int(root.get("failures")) == sum(case.find("failure") is not None for case in cases)
    assert all(case.get("name") is not None and case.get("classname") for case in cases)


@pytest.fixture
def tampered(run):
    (run.path / "world" / "world.glb").write_bytes(b"other")
    (run.path / "ev\nil ü.txt").write_bytes(b"x")
    return audit(run.path, anchors=run.anchors)


def test_sarif_says_where_and_which_check(tampered, run):
    (said,) = sarif([tampered], "1.2.3", tampered.exit_code)["runs"]
    places = [each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for each in said["results"]]
    assert f"{run.path}/world/world.glb" in {unquote_to_bytes(place).decode() for place in places}
    assert f"{run.path}/ev\nil ü.txt" in {unquote_to_bytes(place).decode() for place in places}
    assert all(set(place) <= set("%/._-~0123456789") | set(map(chr, range(65, 123))) for place in places)
    assert said["invocations"][0]["exitCode"] == 10
    names = {rule["id"]: rule["shortDescription"]["text"] for rule in said["tool"]["driver"]["rules"]}
    assert names["sealed-files"] == "Every file is as it was sealed: none missing, changed or added."


def test_the_fingerprint_of_a_finding_outlives_another_finding(tampered, run):
    before = fingerprints(tampered)
    (run.path / "another.txt").write_bytes(b"x")
    assert before < fingerprints(audit(run.path, anchors=run.anchors))


def fingerprints(result):
    (said,) = sarif([result], "1", result.exit_code)["runs"]
    return {each["partialFingerprints"]["worldloomFinding/v1"] for each in said["results"]}


def test_junit_has_a_case_for_each_check_and_each_file_found(tampered, run):
    (suite,) = ET.fromstring(junit([tampered]).encode())
    assert suite.get("name") == str(run.path)
    checks = {case.get("name"): case for case in suite.iter("testcase") if case.get("classname").startswith("check.")}
    assert {step.name for step in STEPS} <= set(checks)
    assert checks["sealed-files"].find("failure").get("type") == "exit-10"
    assert checks["trust"].find("failure") is None
    files = {case.get("name") for case in suite.iter("testcase") if case.get("classname") == "file"}
    assert {"world/world.glb", "ev\\u000ail ü.txt"} <= files
    assert "reproduced" in {case.get("name") for case in suite.iter("testcase") if case.find("skipped") is not None}


def test_a_clean_run_has_no_failure(run):
    text = junit([audit(run.path, anchors=run.anchors), audit(run.zip, anchors=run.anchors)])
    root = ET.fromstring(text.encode())
    assert (root.get("failures"), len(root)) == ("0", 2)
    names = {case.get("name") for case in root[1].iter("testcase")}
    assert {step.name for step in (*STEPS, *ZIP_STEPS)} <= names


def test_every_check_says_what_it_asks():
    for step in (*STEPS, *ZIP_STEPS, *FILE_STEPS):
        assert questions()[step.name].endswith("."), step.name

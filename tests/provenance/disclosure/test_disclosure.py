"""The report tells the marks that are there, what two laws ask beyond, and nothing about anybody's standing in law."""

from __future__ import annotations

import json
import shutil
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from worldloom.provenance.disclosure import disclose, render, to_json, to_page
from worldloom.provenance.disclosure.laws import DUTIES, LAWS, MISSING, OPEN, PARTLY, THERE
from worldloom.provenance.disclosure.report import Disclosure, Group
from worldloom.provenance.keys import Keystore

DAY = date(2026, 11, 27)


@pytest.fixture(scope="module")
def report(gallery: Any) -> Disclosure:
    return disclose(gallery.folder, DAY, gallery.anchors)


def group(report: Disclosure, family: str) -> Group:
    (found,) = [each for each in report.groups if each.family == family]
    return found


def states(found: Group) -> dict[str, str]:
    return {f"{duty.law}: {duty.asks}": answer.state for duty, answer in found.answers}


def test_things_of_one_maker_with_the_same_marks_are_one_group(report: Disclosure) -> None:
    assert [(each.family, len(each.things)) for each in report.groups] == [
        ("pictures", 4),
        ("sounds", 3),
        ("drawings", 3),
        ("solids and worlds", 1),
        ("texts", 3),
    ]
    assert (report.things, report.by_model) == (14, 11)


def test_a_picture_with_all_layers_misses_a_label_that_people_see(report: Disclosure) -> None:
    found = states(group(report, "pictures"))
    assert found["EU: marked as artificially generated, in a form that machines read"] == THERE
    assert found["EU: detectable as artificially generated"] == PARTLY
    assert found["EU: a deep fake: a clear label at first sight"] == MISSING
    assert found["California: latent: time and date of making"] == THERE
    assert found["California: latent: a unique identifier"] == THERE
    assert found["California: latent: the provider's name"] == MISSING  # the first run's operator has no name
    assert found["California: manifest: the option of a visible label"] == MISSING


def test_what_carries_its_credential_beside_it_is_marked_in_part(report: Disclosure) -> None:
    found = states(group(report, "solids and worlds"))
    assert found["EU: marked as artificially generated, in a form that machines read"] == PARTLY
    assert not [asked for asked in found if asked.startswith("California")]


def test_of_what_no_model_made_nothing_is_asked(report: Disclosure) -> None:
    assert group(report, "texts").answers == ()


def test_a_named_provider_is_told(build_gallery: Any, tmp_path: Path) -> None:
    from worldloom.provenance.ceremonies import make_named_operator

    make_named_operator(tmp_path / "keys", "Example Studios Ltd", None)
    named = build_gallery(tmp_path / "run", Keystore.open(tmp_path / "keys"), "run-named")
    found = states(group(disclose(named.folder, DAY, named.anchors), "pictures"))
    assert found["California: latent: the provider's name"] == THERE


def test_damage_is_seen(gallery: Any, tmp_path: Path) -> None:
    shutil.copytree(gallery.folder, tmp_path / "run")
    changed = tmp_path / "run" / gallery.path("Painting 0").relative_to(gallery.folder)
    changed.write_bytes(changed.read_bytes() + b"!")
    (tmp_path / "run" / gallery.path("Song 0").relative_to(gallery.folder)).unlink()
    found = disclose(tmp_path / "run", DAY, gallery.anchors)
    broken = [each for each in found.groups if not each.marks.holds]
    assert sorted(thing.title for each in broken for thing in each.things) == ["Painting 0", "Song 0"]
    for each in broken:
        assert states(each)["EU: marked as artificially generated, in a form that machines read"] == MISSING


def test_a_run_from_before_fingerprints_has_none(build_gallery: Any, tmp_path: Path) -> None:
    old = build_gallery(tmp_path / "old", Keystore.open(tmp_path / "keys"), "run-old", fingerprints=False)
    found = group(disclose(old.folder, DAY, old.anchors), "pictures")
    assert (found.marks.fingerprints, found.marks.soft_binding) == ((), False)
    assert "none: made before there were any" in render(disclose(old.folder, DAY))


def test_it_gives_no_verdict_in_any_form(report: Disclosure) -> None:
    for told in (render(report), json.dumps(to_json(report)), to_page(report)):
        assert "complian" not in told.lower()
        assert "it says nothing about whether a law binds you, or whether you fulfil it" in " ".join(told.split())
        for law in LAWS:
            assert " ".join(law.since.split()) in " ".join(told.split())


def test_every_duty_is_of_a_law_that_is_told_and_has_one_of_four_answers(report: Disclosure) -> None:
    assert {duty.law for duty in DUTIES} == {law.key for law in LAWS}
    assert {answer.state for each in report.groups for _, answer in each.answers} <= {THERE, PARTLY, MISSING, OPEN}


def test_json_has_every_file_its_model_and_both_licences(report: Disclosure, gallery: Any) -> None:
    told = json.loads(json.dumps(to_json(report)))
    assert sorted(file["title"] for each in told["groups"] for file in each["files"]) == sorted(gallery.made)
    (pictures,) = [each for each in told["groups"] if each["family"] == "pictures"]
    assert (pictures["model"], pictures["weights_licence"], pictures["output_licence"]) == (
        "painter-1",
        "Apache-2.0",
        "CC-BY-4.0",
    )
    assert pictures["fingerprint"] == {"algorithms": ["io.iscc.v0", "org.worldloom.picture.1"], "soft_binding": True}


class Tags(HTMLParser):
    """Which tags a page has, and which addresses."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src", "action")]


def test_the_page_runs_and_fetches_nothing_and_shows_hostile_words_as_words(build_gallery: Any, tmp_path: Path) -> None:
    space = build_gallery.__globals__
    hostile = "</style><script>alert(1)</script><img src=x onerror=alert(2)>\u202e $run ${day}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(
            space, "things", lambda: [(hostile[:50], "text/plain", b"some words to be read", space["PAINTER"])]
        )
        run = build_gallery(tmp_path / "$run <b>", Keystore.open(tmp_path / "keys"), "run-hostile")
    page = Tags()
    page.feed(text := to_page(disclose(run.folder, DAY)))
    assert not page.tags & {"script", "img", "iframe", "link", "form", "b"} - {"b"}
    assert all(address.startswith("#group-") for address in page.addresses)
    assert "&lt;script&gt;alert(1)" in text
    assert "$run &lt;b&gt;" in text

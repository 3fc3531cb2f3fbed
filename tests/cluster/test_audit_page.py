"""The page of an audit: escaped, self-contained, with every verdict; names of files are hostile."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worldloom.cluster.audit_page import CODES, MOST_FILES, MOST_FINDINGS, audit_page
from worldloom.provenance.audit import AuditResult, Code, Finding, Level, State
from worldloom.provenance.audit.findings import levels_of

HOSTILE = '"><script>alert(1)</script>\u202e\x00'


def result(*findings, path="runs/a", **more):
    levels = levels_of([Level.BYTES, Level.CREDENTIAL], findings)
    return AuditResult(path, State.SEALED, "ab" * 32, "cd" * 32, 12, 3, levels, tuple(findings), **more)


class Elements(HTMLParser):
    """Counts elements and collects addresses."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.addresses, self.ids = [], [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        said = dict(attrs)
        self.addresses += [said[name] for name in ("href", "src") if name in said]
        self.ids += [said["id"]] if "id" in said else []


@given(st.text(st.characters(exclude_categories=()), max_size=40))
def test_nothing_in_a_name_or_message_becomes_markup(text):
    plain = Elements(audit_page([result(Finding(Level.BYTES, Code.TAMPERED, "a", "b", "names"), path="a")], "1", 10))
    page = audit_page([result(Finding(Level.BYTES, Code.TAMPERED, text, text, "names"), path=text)], "1", 10)
    found = Elements(page)
    page.encode("utf-8")
    # A finding without a path has no element for it.
    assert found.tags.count("script") == plain.tags.count("script") == 1
    assert set(found.tags) <= set(plain.tags)
    assert found.addresses == plain.addresses


def test_loads_nothing_and_runs_only_its_own_script():
    page = audit_page([result(Finding(Level.BYTES, Code.TAMPERED, HOSTILE, HOSTILE, HOSTILE))], "1", 10)
    found = Elements(page)
    assert all(address.startswith("#") or address == "data:," for address in found.addresses)
    assert "default-src 'none'" in page
    assert "<script>alert" not in page
    assert "\u202e" not in page
    assert not re.search(r"\son[a-z]+=", page)
    assert len(found.ids) == len(set(found.ids))


@pytest.mark.parametrize(("code", "word"), [(code, word) for code, word, _ in CODES])
def test_says_every_verdict(code, word):
    findings = [Finding(Level.BYTES, Code(code), "x", "is so", "names")] if code else []
    page = audit_page([result(*findings)], "1", code)
    assert f">{word}<" in page
    assert f'<tr class="here"><th scope="row">{code}</th>' in page


def test_several_paths_stand_in_one_table_and_a_section_each():
    page = audit_page(
        [result(path="a"), result(Finding(Level.LOG, Code.LOG, "", "is cut", "log"), path="b/c")], "1", 12
    )
    assert page.count('class="wrap path') == 2
    assert '<a href="#path-2">' in page
    assert "1 of 2" in page


def test_a_folder_lists_its_files_with_what_is_wrong_first():
    parts = [AuditResult(f"{number}.png", State.FILE, levels=levels_of([Level.CREDENTIAL], ())) for number in range(9)]
    bad = Finding(Level.CREDENTIAL, Code.MISSING, "z.png", "has no credential", "file-credential")
    parts.append(AuditResult("z.png", State.FILE, levels=levels_of([], [bad]), findings=(bad,)))
    counts = {"files": 10, "judged": 9, "clean": 9, "not_clean": 0, "without_credential": 1, "not_looked_at": 0}
    whole = AuditResult(
        "d", State.FOLDER, levels=levels_of([], [bad]), findings=(bad,), parts=tuple(parts), counts=counts
    )
    page = audit_page([whole], "1", 11)
    rows = re.findall(r'<tr data-mark="(\w+)"><th scope="row"><bdi class="t">([^<]+)', page)
    assert len(rows) == 10
    assert rows[0] == ("fail", "z.png")
    assert "10 files and runs: 9 judged, of which 9 clean" in page


def test_long_lists_are_cut_and_say_so():
    many = [Finding(Level.BYTES, Code.TAMPERED, f"{number}", "x", "names") for number in range(MOST_FINDINGS + 5)]
    page = audit_page([result(*many)], "1", 10)
    assert f"The first {MOST_FINDINGS:,}; JSON has all." in page
    assert page.count('class="where"') == MOST_FINDINGS
    assert MOST_FILES >= MOST_FINDINGS

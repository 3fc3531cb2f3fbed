"""What a browser is given of a run's files: inert, named by their type, and nothing from outside."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worldloom.cluster.viewing.serving import INERT, drawn, serve
from worldloom.provenance.power_loss import PowerLossDisk
from worldloom.provenance.storage import LocalDisk, Storage

EVIL_SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(2)</script></svg>'


@pytest.fixture
def storage(tmp_path) -> Storage:
    run = tmp_path / "run"
    (run / "artifacts" / "ab").mkdir(parents=True)
    (run / "world").mkdir()
    (run / "answers").mkdir()
    (run / "artifacts" / "ab" / "sign.svg").write_bytes(EVIL_SVG)
    (run / "artifacts" / "ab" / "page.html").write_bytes(b"<script>alert(1)</script>")
    (run / "artifacts" / "ab" / "prop.glb").write_bytes(b"glTF and no more")
    (run / "artifacts" / "ab" / "odd.exe").write_bytes(b"MZ")
    (run / "artifacts" / "ab" / 'quo"te\r\n.glb').write_bytes(b"x")
    (run / "report.html").write_bytes(b"<p>report</p>")
    (run / "run.json").write_bytes(b"{}")
    (run / "answers" / "000000.seg").write_bytes(b"private")
    (tmp_path / "secret.png").write_bytes(b"secret")
    (run / "artifacts" / "ab" / "link.png").symlink_to(tmp_path / "secret.png")
    return Storage(LocalDisk(run))


def test_a_made_picture_with_script_is_served_so_that_it_runs_nothing(storage: Storage) -> None:
    served = serve(storage, "artifacts/ab/sign.svg")
    assert served.data == EVIL_SVG
    assert served.media_type == "image/svg+xml"
    assert served.headers["Content-Security-Policy"] == INERT
    assert served.headers["X-Content-Type-Options"] == "nosniff"
    assert re.search(r"; sandbox$", INERT)
    assert "script-src" not in INERT
    assert "default-src 'none'" in INERT


def test_a_made_page_is_offered_for_saving_only(storage: Storage) -> None:
    served = serve(storage, "artifacts/ab/page.html")
    assert served.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in served.headers["Content-Security-Policy"]


def test_the_report_runs_in_an_origin_of_its_own_and_loads_nothing(storage: Storage) -> None:
    policy = serve(storage, "report.html").headers["Content-Security-Policy"]
    assert "sandbox allow-scripts" in policy
    assert "allow-same-origin" not in policy
    assert "default-src 'none'" in policy
    assert "http" not in policy


@pytest.mark.parametrize("name", ["prop.glb", "odd.exe"])
def test_what_no_browser_shows_is_offered_for_saving(storage: Storage, name: str) -> None:
    assert "attachment" in serve(storage, f"artifacts/ab/{name}").headers["Content-Disposition"]


def test_a_file_name_cannot_write_headers(storage: Storage) -> None:
    told = serve(storage, 'artifacts/ab/quo"te\r\n.glb').headers["Content-Disposition"]
    assert told == 'attachment; filename="quo_te__.glb"'


@pytest.mark.parametrize(
    "path",
    [
        "run.json",
        "answers/000000.seg",
        "artifacts/../run.json",
        "artifacts/ab/../../answers/000000.seg",
        "artifacts/../../secret.png",
        "/etc/passwd",
        "artifacts//ab/sign.svg",
        "artifacts/ab/link.png",
        "artifacts/ab",
        "artifacts/",
        "artifacts/ab/none.png",
        "artifacts/\0",
        "",
        "report.html/",
        "trust/ca-1.pem",
        "lock",
    ],
)
def test_nothing_else_is_served(storage: Storage, path: str) -> None:
    assert serve(storage, path) is None


@given(st.text(max_size=60).map(lambda text: f"artifacts/{text}"))
def test_no_path_below_artifacts_reaches_what_is_not_there(path: str) -> None:
    assert serve(Storage(PowerLossDisk()), path) is None


def test_a_broken_prop_has_no_picture(storage: Storage) -> None:
    assert drawn(storage, "artifacts/ab/prop.glb") is None
    assert drawn(storage, "artifacts/ab/sign.svg") is None
    assert drawn(storage, "artifacts/../prop.glb") is None

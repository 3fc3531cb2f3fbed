"""`worldloom view`: what it says when it cannot serve, and of serving the network. The page itself: test_live_page."""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from worldloom.cluster.commands import main as front
from worldloom.cluster.options import Placement
from worldloom.cluster.viewing import starting
from worldloom.cluster.viewing.server import Address

pytest.importorskip("nicegui", reason="the live page is an extra: pip install 'worldloom[view]'")
Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def view(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """Call `worldloom view`; where it would serve, it ends as by Ctrl-C."""

    def ended(_page: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(starting.LivePage, "serve", ended)

    def call(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["worldloom", "view", *map(str, arguments)])
        with pytest.raises(SystemExit) as done:
            front.main()
        captured = capsys.readouterr()
        return int(done.value.code or 0), captured.out, captured.err

    return call


def test_it_prints_an_address_with_a_token_and_ends_quietly(view: Call, tmp_path: Path) -> None:
    status, out, err = view(tmp_path, "--port", 0)
    assert (status, err) == (0, "")
    assert out.startswith("Live page: http://127.0.0.1:")
    assert len(out.strip().rpartition("?token=")[2]) >= 43


def test_two_pages_have_two_tokens(tmp_path: Path) -> None:
    tokens = {starting.prepare([tmp_path], [], "127.0.0.1", 0, Placement()).address.token for _ in range(2)}
    assert len(tokens) == 2


def test_a_port_in_use_is_told(view: Call, tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        status, _, err = view(tmp_path, "--port", port)
    assert status == 1
    assert f"port {port} on 127.0.0.1 is in use" in err
    assert "--port" in err


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [("run.zip", b"PK", "is a file"), ("notes/todo.txt", b"x", "neither a run nor a folder of runs")],
)
def test_what_is_no_run_is_told(view: Call, tmp_path: Path, name: str, content: bytes, words: str) -> None:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    status, _, err = view(path if path.suffix == ".zip" else path.parent, "--port", 0)
    assert status == 1
    assert words in err


def test_a_folder_that_is_not_there_is_told(view: Call, tmp_path: Path) -> None:
    status, _, err = view(tmp_path / "no" / "where", "--port", 0)
    assert (status, "no such folder" in err) == (1, True)


def test_a_misspelt_run_is_told_with_the_names_that_are_near(view: Call, tmp_path: Path) -> None:
    for name in ("saltmarsh-1", "saltmarsh-2", "quay-1"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "run.json").write_text("{}")
    status, out, err = view(tmp_path / "saltmrsh-1", "--port", 0)
    assert (status, out) == (1, "")
    assert f"is it {tmp_path / 'saltmarsh-1'} or {tmp_path / 'saltmarsh-2'}?" in err
    assert "quay" not in err
    assert f"mkdir -p {tmp_path / 'saltmrsh-1'}" in err
    assert not (tmp_path / "saltmrsh-1").exists()


def test_without_a_name_the_folder_of_runs_is_made(view: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert view("--port", 0)[0] == 0
    assert (tmp_path / "runs").is_dir()


def test_a_scenario_that_is_not_there_is_told(view: Call, tmp_path: Path) -> None:
    status, _, err = view(tmp_path, "--port", 0, "--scenario", tmp_path / "none.py")
    assert status == 1
    assert "there is no such file" in err


def test_without_its_library_it_says_what_to_install(
    view: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "nicegui", None)
    status, _, err = view(tmp_path, "--port", 0)
    assert status == 1
    assert "pip install 'worldloom[view]'" in err


def test_opening_it_to_the_network_warns(view: Call, tmp_path: Path) -> None:
    status, _, err = view(tmp_path, "--port", 0, "--host", "0.0.0.0")
    assert status == 0
    assert "can be reached from other machines" in err
    assert "nothing on the way is encrypted" in err


@pytest.mark.parametrize(("host", "shown"), [("0.0.0.0", "127.0.0.1"), ("::1", "[::1]"), ("10.1.2.3", "10.1.2.3")])
def test_the_address_can_be_opened(host: str, shown: str) -> None:
    assert Address(host, 8421, "abc").url == f"http://{shown}:8421/?token=abc"


def test_only_loopback_is_not_open_to_the_network() -> None:
    assert not Address("127.0.0.1", 1, "x").rule().open_to_net
    assert Address("0.0.0.0", 1, "x").rule().open_to_net

"""`worldloom redact` and `worldloom reveal` as a user types them: what is told, what is refused, which status."""

import json
import sys

import pytest
from worldloom.cluster.commands import main as front
from worldloom.provenance.folder import artifact_path
from worldloom.provenance.storage import LocalDisk, Storage


@pytest.fixture
def folder(sealed, tmp_path):
    """The sealed run on disk."""
    storage = Storage(LocalDisk(tmp_path))
    for path in sealed.storage.files():
        storage.write(f"village-1/{path}", sealed.storage.read(path))
    return tmp_path / "village-1"


@pytest.fixture
def worldloom(monkeypatch, capsys, keystore):
    """Call `worldloom` with arguments as the run's operator; returns status, standard output, standard error."""
    monkeypatch.setenv("WORLDLOOM_HOME", str(keystore.home))

    def call(*arguments):
        monkeypatch.setattr(sys, "argv", ["worldloom", *map(str, arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            front.main()
        captured = capsys.readouterr()
        return int(ended.value.code or 0), captured.out, captured.err

    return call


def test_a_dry_run_lists_what_would_go(worldloom, folder, sealed):
    status, out, _ = worldloom("redact", folder, "--prompts", "--dry-run")
    assert status == 0
    assert "7  recorded requests would go; their answers stay" in out
    assert artifact_path(sealed.picture.digest, "png") in out
    assert out.endswith("nothing was changed\n")
    assert not (folder / "amendments").exists()


def test_it_erases_and_warns_of_older_copies(worldloom, folder):
    status, out, _ = worldloom("redact", folder, "--prompts", "--reason", "a wish")
    assert status == 0
    assert "amendments/000001" in out
    assert "Older copies" in out
    assert worldloom("audit", folder)[0] == 0


def test_for_programs_it_is_json(worldloom, folder):
    status, out, _ = worldloom("redact", folder, "--agent", "Ada", "--reason", "a wish", "--json")
    told = json.loads(out)
    assert (status, told["requests"], told["bodies"], told["amendment"]) == (0, 4, 1, "amendments/000001")


def test_with_nothing_named_it_only_finishes(worldloom, folder):
    assert worldloom("redact", folder)[:2] == (0, "there was nothing to erase\n")


@pytest.mark.parametrize("arguments", [("--prompts",), ("--whole", "--reason", "x"), ("--prompts", "--reason", " ")])
def test_wrong_use_is_told(arguments, worldloom, folder):
    status, _, error = worldloom("redact", folder, *arguments)
    assert status == 2
    assert "--reason" in error or "--whole" in error


def test_an_open_run_is_refused(worldloom, folder):
    (folder / "SEAL").unlink()
    status, _, error = worldloom("redact", folder, "--prompts", "--reason", "a wish")
    assert status == 1
    assert "not sealed" in error


def test_a_stranger_is_refused(worldloom, folder, monkeypatch, tmp_path):
    monkeypatch.setenv("WORLDLOOM_HOME", str(tmp_path / "another"))
    status, _, error = worldloom("redact", folder, "--prompts", "--reason", "a wish")
    assert status == 1
    assert "only its operator" in error


def test_a_run_that_is_not_private_reveals_nothing(worldloom, folder):
    status, _, error = worldloom("reveal", folder, "decision-21600-0-0")
    assert status == 1
    assert "not private" in error


@pytest.mark.parametrize("text", ["", "{}", "not JSON"])
def test_what_reveals_nothing_is_refused_at_once(text, worldloom, folder, tmp_path):
    (tmp_path / "shown.json").write_text(text)
    status, _, error = worldloom("audit", folder, "--revealed", tmp_path / "shown.json")
    assert status == 2
    assert "--revealed" in error

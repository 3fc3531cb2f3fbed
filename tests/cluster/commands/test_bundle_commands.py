"""`bundle`, `import`, `audit --receipt` and `receipt` as a user types them; what cannot be is told at once."""

import io
import json
import shutil
from pathlib import Path

import pytest
import small_run
from typer.testing import CliRunner
from worldloom.cluster.commands.main import app


@pytest.fixture(scope="module")
def village(tmp_path_factory):
    """A sealed run of this user's, and where the keystore is."""
    from worldloom.provenance.keys import Keystore
    from worldloom.provenance.storage import LocalDisk, Storage

    home, folder = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("runs") / "village-1"
    folder.mkdir()
    made = small_run.Maker(Storage(LocalDisk(folder)), Keystore.open(home).operator).make()
    data, seal = made.packed()
    folder.with_name("village-1.zip").write_bytes(data)
    folder.with_name("village-1.zip.seal").write_bytes(seal)
    return folder, home


@pytest.fixture
def at(village, tmp_path, monkeypatch):
    """Type a command in a folder of one's own; returns exit status and output."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WORLDLOOM_HOME", str(village[1]))

    def type_(*words):
        done = CliRunner().invoke(app, [str(word) for word in words])
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, done.output

    return type_


def test_a_bundle_is_made_and_audited_without_the_run(at, village):
    run, _ = village
    code, said = at("bundle", run / "world" / "world.glb")
    assert (code, Path("world.glb.bundle.zip").is_file()) == (0, True)
    assert "worldloom audit world.glb.bundle.zip" in said
    code, said = at("audit", "world.glb.bundle.zip")
    assert (code, "CLEAN: world.glb.bundle.zip (bundle)" in said) == (0, True)
    code, said = at("bundle", "world/world.glb", "--run", run, "--out", "again.zip", "--json")
    assert json.loads(said)["bundle"] == "again.zip"
    assert Path("again.zip").read_bytes() == Path("world.glb.bundle.zip").read_bytes()


def test_what_cannot_be_bundled_is_told(at, village, tmp_path):
    run, _ = village
    assert at("bundle", "none.png")[0] == 2
    assert at("bundle", "x.png", "--run", "nowhere")[0] == 2
    (tmp_path / "alone.png").write_bytes(b"x")
    for words in (["alone.png"], [run / "report.html"], [run / "world/world.glb", "--out", run / "in.zip"]):
        code, said = at("bundle", *words)
        assert code == 1, said
        assert "Traceback" not in said
    assert not (run / "in.zip").exists()


def test_an_audit_leaves_a_receipt_that_is_read_back(at, village):
    run, home = village
    code, said = at("audit", run, "--receipt", "village.audit")
    assert (code, "worldloom receipt village.audit" in said) == (0, True)
    code, said = at("receipt", "village.audit", "--of", run)
    assert code == 0, said
    assert "PASSED: audited on " in said
    assert at("receipt", "village.audit", "--of", run.with_name("village-1.zip"))[0] == 0
    told = json.loads(at("receipt", "village.audit", "--json")[1])
    assert (told["ok"], list(told["subjects"])) == (True, ["SEAL"])
    assert str(home) not in Path("village.audit").read_text()


def test_a_receipt_of_something_else_changed_or_of_a_stranger_is_told(at, village, tmp_path, monkeypatch):
    run, _ = village
    at("bundle", run / "world" / "world.glb")
    at("audit", run, "--receipt", "village.audit")
    code, said = at("receipt", "village.audit", "--of", "world.glb.bundle.zip")
    assert (code, "DOES NOT COUNT (12)" in said, "it only says: PASSED" in said) == (12, True, True)
    data = Path("village.audit").read_bytes()
    Path("bad.audit").write_bytes(data.replace(b'"sig":"', b'"sig":"A', 1))
    assert at("receipt", "bad.audit")[0] == 10
    monkeypatch.setenv("WORLDLOOM_HOME", str(tmp_path / "somebody"))
    assert at("receipt", "village.audit")[0] == 13


def test_somebody_elses_key_signs_a_receipt(at, village, tmp_path):
    from worldloom.provenance.keys import Keystore

    other = Keystore.open(tmp_path / "auditor").operator
    (tmp_path / "auditor.pem").write_bytes(other.certificate_pem)
    code, said = at("audit", village[0], "--receipt", "a.audit", "--key", tmp_path / "auditor" / "operator.pem")
    assert code == 0, said
    assert at("receipt", "a.audit")[0] == 13
    assert at("receipt", "a.audit", "--anchor", "auditor.pem")[0] == 0


@pytest.mark.parametrize(
    "words",
    [
        ["--key", "x.pem"],
        ["--receipt", "no/such/folder/a.audit"],
        ["--receipt", "{run}/a.audit"],
        ["--receipt", "a.audit", "--key", "none.pem"],
        ["{run}.zip", "--receipt", "a.audit"],
    ],
)
def test_a_receipt_that_cannot_be_written_is_told_before_the_audit(at, village, words):
    run = village[0]
    code, said = at("audit", run, *(word.format(run=run) for word in words))
    assert (code, "CLEAN" in said) == (2, False)


def test_an_edited_file_is_imported_and_audited(at, village, tmp_path):
    from PIL import Image

    run, _ = village
    (picture,) = run.glob("artifacts/*/*.png")
    out = io.BytesIO()
    Image.open(picture).convert("RGB").rotate(90).save(out, "PNG")
    (tmp_path / "sign.png").write_bytes(out.getvalue())
    code, said = at(
        "import", "sign.png", "--parent", picture, "--tool", "GIMP 2.10", "--by", "Ada", "--note", "Turned."
    )
    assert (code, "sign.imported.png: humanEdits" in said) == (0, True)
    assert (tmp_path / "sign.png").read_bytes() == out.getvalue(), "the edited file stays"
    assert at("audit", "sign.imported.png", "--strict")[0] == 0
    assert at("import", "sign.png", "--parent", picture, "--tool", "GIMP 2.10")[0] == 2, "nothing is overwritten"
    shutil.copy(run / "world/world.glb.c2pa", tmp_path / "world.glb.c2pa")
    (tmp_path / "world.glb").write_bytes((run / "world/world.glb").read_bytes() + b"\0\0\0\0")
    code, said = at("import", "world.glb", "--tool", "Blender 4.2")
    assert (code, "--bad-parent" in said) == (1, True)
    code, said = at("import", "world.glb", "--tool", "Blender", "--bad-parent", "--json")
    assert (code, json.loads(said)["parent_state"]) == (0, "Invalid")
    assert at("audit", "world.imported.glb")[0] == 10
    code, said = at("import", "world.glb", "--parent", run, "--tool", "Blender 4.2", "--out", "mine.glb")
    assert (code, at("audit", "mine.glb")[0]) == (0, 0)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["none.png", "--tool", "x"], 2),
        (["edited.png"], 2),
        (["edited.png", "--tool", " "], 2),
        (["edited.png", "--tool", "x", "--parent", "none"], 2),
        (["edited.png", "--tool", "x"], 1),
        (["edited.png", "--tool", "x", "--parent", "."], 1),
        (["edited.png", "--tool", "x", "--parent", "edited.png", "--out", "out.xyz"], 1),
        (["edited.ogg", "--tool", "x", "--parent", "edited.png"], 1),
    ],
)
def test_what_cannot_be_imported_is_told(at, tmp_path, words, code):
    for name in ("edited.png", "edited.ogg"):
        (tmp_path / name).write_bytes(small_run.png())
    before = sorted(path.name for path in tmp_path.iterdir())
    assert at("import", *words)[0] == code
    assert sorted(path.name for path in tmp_path.iterdir()) == before

"""The tamper matrix for runs: what was done to a folder or its zip, and by which code and file the audit names it.

The run is the small one of tests/simulators/small_run.py, so that every deed goes through the whole audit.
"""

from __future__ import annotations

import io
import random
import shutil
import zipfile
from pathlib import Path

import pytest
from worldloom.provenance.audit import audit
from worldloom.provenance.audit.findings import Code
from worldloom.provenance.audit.steps import UNFORESEEN
from worldloom.provenance.bundle import zip_seal
from worldloom.provenance.folder import CHECKPOINT
from worldloom.provenance.tiles import WIDTH

FEW, MORE, MANY = 6, 30, 200
"""Places in a quick run, in a slow one, and in a slow one where every place of the log is meant."""

SLOW = pytest.mark.slow
LOG, ARTIFACTS, SIDECARS = "log", "artifacts", "sidecars"
GROUPS = {
    LOG: lambda path: path.startswith("log/"),
    ARTIFACTS: lambda path: path.startswith("artifacts/") and not path.endswith(".c2pa"),
    SIDECARS: lambda path: path.endswith(".c2pa"),
    "answers and bodies": lambda path: path.startswith(("answers/", "bodies/")),
    "all others": lambda path: not path.startswith(("log/", "artifacts/", "answers/", "bodies/")),
}


def paths_of(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def caught(run, what, *paths, why=""):
    """Audit and require a fault at each path, and none that no check foresaw; returns the result."""
    result = audit(what, anchors=run.anchors)
    named = {each.path for each in result.faults}
    assert not result.ok, why
    assert set(paths) <= named, f"{sorted(named)}; {why}"
    assert not [each for each in result.findings if each.message.startswith(UNFORESEEN)], why
    return result


@pytest.mark.parametrize("places", [FEW, pytest.param(MORE, marks=SLOW)])
@pytest.mark.parametrize("group", GROUPS)
def test_a_bit_flipped_at_places_all_over_is_found_and_its_file_named(run, group, places):
    if (group, places) == (LOG, MORE):
        places = MANY
    files = [path for path in paths_of(run.path) if GROUPS[group](path)]
    chance = random.Random(f"runs {group}")
    for number in range(places):
        path = run.path / files[number % len(files)]
        data = path.read_bytes()
        at = chance.randrange(len(data))
        path.write_bytes(data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :])
        name = path.relative_to(run.path).as_posix()
        result = caught(run, run.path, name, why=f"{name}, byte {at}")
        assert result.exit_code in (Code.TAMPERED, Code.MISSING), name
        path.write_bytes(data)
    assert audit(run.path, anchors=run.anchors).ok


@pytest.mark.parametrize("places", [FEW, pytest.param(2 * MORE, marks=SLOW)])
@pytest.mark.parametrize("what", ["zip", "seal of the zip"])
def test_a_bit_flipped_in_the_zip_or_its_seal_is_found(run, what, places):
    path = run.zip if what == "zip" else run.zip.with_name(f"{run.zip.name}.seal")
    data, chance = path.read_bytes(), random.Random(f"runs {what}")
    for _ in range(places):
        at = chance.randrange(len(data))
        path.write_bytes(data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :])
        caught(run, run.zip, *([run.zip.name] if path != run.zip else []), why=f"{what}, byte {at}")


class TestFiles:
    """Deeds to the files of a folder."""

    @pytest.mark.parametrize("path", ["world/world.glb.c2pa", "report.html.c2pa", "scenario.py.c2pa"])
    def test_swapped_sidecars(self, run, path):
        other = "report.html.c2pa" if path != "report.html.c2pa" else "scenario.py.c2pa"
        one, two = (run.path / path).read_bytes(), (run.path / other).read_bytes()
        (run.path / path).write_bytes(two)
        (run.path / other).write_bytes(one)
        files = [each.removesuffix(".c2pa") for each in (path, other)]
        assert caught(run, run.path, path, other, *files).exit_code == Code.TAMPERED

    def test_every_file_removed_or_renamed(self, run):
        for path in paths_of(run.path):
            kept = (run.path / path).read_bytes()
            (run.path / path).unlink()
            code = caught(run, run.path, path, why=path).exit_code
            assert code == Code.LOG if path == "SEAL" else code in (Code.TAMPERED, Code.MISSING), path
            moved = run.path / f"{path}.moved"
            moved.write_bytes(kept)
            caught(run, run.path, path, f"{path}.moved")
            moved.unlink()
            (run.path / path).write_bytes(kept)

    @pytest.mark.parametrize("ending", ["py", "html", "txt", "json", "pem"])
    def test_line_ends_rewritten_on_the_way(self, run, ending):
        changed = []
        for path in paths_of(run.path):
            data = (run.path / path).read_bytes()
            if path.endswith(f".{ending}") and b"\n" in data:
                (run.path / path).write_bytes(data.replace(b"\n", b"\r\n"))
                changed.append(path)
        if ending == "json":
            assert changed == []  # canonical JSON has no line ends
        else:
            assert caught(run, run.path, *changed).exit_code == Code.TAMPERED

    def test_an_artifact_given_another_type_by_its_name(self, run):
        letter = next(path for path in paths_of(run.path) if path.endswith(".txt"))
        other = letter.replace(".txt", ".md")
        for ending in ("", ".c2pa"):
            (run.path / f"{letter}{ending}").rename(run.path / f"{other}{ending}")
        caught(run, run.path, letter, other)

    def test_an_edited_ingredient(self, forged, with_a_bad_ingredient):
        bad = with_a_bad_ingredient
        made = forged({"making world/world.glb": bad.remember, "signed world/world.glb": bad})
        result = made.judge()
        assert result.exit_code == Code.TAMPERED
        assert ("ingredients", "world/world.glb") in {(each.step, each.path) for each in result.faults}


@pytest.fixture(scope="module")
def earlier(forged):
    """The log as it stood after the first step of the same run, by path: its own key signed it."""
    kept: dict[str, bytes] = {}

    def remember(made):
        kept.update({path: made.storage.read(path) for path in made.storage.files() if path.startswith("log/")})
        return made

    return forged({"commit one": remember}), kept


class TestLog:
    """Deeds to the log: all of them by somebody who has no key but every earlier byte."""

    def test_an_old_checkpoint_replayed(self, earlier):
        made, kept = earlier
        before = made.storage.read(CHECKPOINT)
        made.storage.write(CHECKPOINT, kept[CHECKPOINT])
        result = made.judge()
        made.storage.write(CHECKPOINT, before)
        assert made.judge().ok
        assert result.exit_code == Code.TAMPERED
        assert CHECKPOINT in {each.path for each in result.faults}

    def test_the_log_rolled_back_with_its_seal_removed(self, forged):
        kept = []

        def remember(made):
            kept[:] = [(path, made.storage.read(path)) for path in made.storage.files()]
            return made

        made = forged({"commit two": remember})
        for path in made.storage.files():
            if path not in dict(kept):
                made.storage.remove(path)
        for path, data in kept:
            made.storage.write(path, data)
        assert made.judge().exit_code == Code.LOG  # not sealed: whoever wants a run whole sees that it is not

    @pytest.mark.parametrize("entries", [1, 3])
    def test_a_dropped_tail(self, run, entries):
        bundle = next(run.path.glob("log/tile/entries/*.p/*"))
        size = int(bundle.name)
        assert size < WIDTH
        cut = bundle.read_bytes()[: -(2 + 84) * entries]
        bundle.with_name(str(size - entries)).write_bytes(cut)
        bundle.unlink()
        name = bundle.relative_to(run.path).as_posix()
        assert caught(run, run.path, name).exit_code in (Code.TAMPERED, Code.MISSING)

    def test_a_forked_log_of_the_same_operator_and_run(self, run, forged):
        """Another past under the same seal: log and bodies of a run in which one word differs."""
        other = forged({"payload letter": lambda data: data.replace(b"tonight", b"tomorrow")})
        for path in other.storage.files():
            if path.startswith(("log/", "bodies/")):
                (run.path / path).parent.mkdir(parents=True, exist_ok=True)
                (run.path / path).write_bytes(other.storage.read(path))
        assert caught(run, run.path, CHECKPOINT).exit_code == Code.TAMPERED

    def test_two_entries_change_places(self, run):
        bundle = next(run.path.glob("log/tile/entries/*.p/*"))
        data, one = bundle.read_bytes(), 2 + 84
        bundle.write_bytes(data[:one] + data[2 * one : 3 * one] + data[one : 2 * one] + data[3 * one :])
        assert caught(run, run.path, bundle.relative_to(run.path).as_posix()).exit_code == Code.TAMPERED


def member(data, change):
    """The zip packed anew from its members, after `change` has had its way with (name, bytes) pairs."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        members = change([(name, packed.read(name)) for name in packed.namelist()])
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as packed:
        for name, content in members:
            packed.writestr(name, content)
    return out.getvalue()


ZIPPED = {
    "a member added": lambda members: [*members[:3], ("notes.txt", b"x"), *members[3:]],
    "a member renamed": lambda members: [
        ("answers/9.seg", members[1][1]) if n == 1 else m for n, m in enumerate(members)
    ],
    "a member left out": lambda members: members[1:],
    "two members changed places": lambda members: [members[1], members[0], *members[2:]],
    "a member changed": lambda members: [(members[0][0], members[0][1] + b" "), *members[1:]],
    "a member twice": lambda members: [*members, members[4]],
}


class TestZip:
    """Deeds to the zip of a run."""

    @pytest.mark.filterwarnings("ignore:Duplicate name")
    @pytest.mark.parametrize("change", ZIPPED.values(), ids=ZIPPED.keys())
    @pytest.mark.parametrize("sealed_anew", [False, True])
    def test_members(self, run, change, sealed_anew):
        """Even where somebody who has the run's key seals the zip anew, its credential and SEAL speak."""
        data = member(run.zip.read_bytes(), change)
        run.zip.write_bytes(data)
        if sealed_anew:
            note = zip_seal(data, run.maker.key.note_key(run.maker.origin))
            run.zip.with_name(f"{run.zip.name}.seal").write_bytes(note)
        assert caught(run, run.zip).exit_code in (Code.TAMPERED, Code.MISSING)

    def test_line_ends_rewritten_on_the_way(self, run):
        run.zip.write_bytes(run.zip.read_bytes().replace(b"\n", b"\r\n"))
        caught(run, run.zip)

    def test_the_zip_of_another_run_under_this_seal(self, run, forged, tmp_path):
        data, _ = forged(run_id="village-2").packed()
        run.zip.write_bytes(data)
        caught(run, run.zip, run.zip.name)

    def test_renamed_to_a_picture(self, run):
        other = run.zip.with_suffix(".png")
        shutil.copy(run.zip, other)
        assert audit(other, anchors=run.anchors).exit_code in (Code.TAMPERED, Code.MISSING)

"""An empty file has no credential and says why in its entry; nothing else can use that excuse."""

from __future__ import annotations

import pytest
from worldloom.provenance.artifact import Artifact
from worldloom.provenance.audit.findings import Code
from worldloom.provenance.errors import UnsignedError
from worldloom.provenance.power_loss import PowerLossDisk
from worldloom.provenance.recipe import Identity, Recipe
from worldloom.provenance.signing import EMPTY_FILE, SignedFile
from worldloom.provenance.storage import Storage
from worldloom.provenance.store import ArtifactStore

WRITER = Identity("rules", "letters-1")
KINDS = ["text/plain", "image/png", "application/zip", "application/x-npz"]


def note(payload, media_type="text/plain"):
    """Twists of a run in which agent-1 has made one more thing."""
    done = []

    def act(made):
        if not done:
            done.append(True)
            made.artifact("note", 1, made.letter.recipe.parents[0], made.letter.recipe.generator, media_type, payload)

    return {"before events one": act}


def findings(made, code):
    return [each.message for each in made.judge().findings if each.code == code and each.step != "counts"]


@pytest.mark.parametrize("media_type", KINDS)
def test_an_empty_file_is_clean_and_the_audit_tells_of_it(forged, media_type):
    made = forged(note(b"", media_type))
    assert findings(made, Code.TAMPERED) == findings(made, Code.MISSING) == findings(made, Code.UNTRUSTED) == []
    assert [each for each in findings(made, Code.NOTE) if "is empty, so no credential" in each] != []


@pytest.mark.parametrize("reason", ["empty", "secret", "x" * 999])
def test_a_file_that_holds_something_has_no_such_excuse(forged, reason):
    bare = {"signed note": lambda signed: SignedFile(signed.data, None, "", "", reason)}
    made = forged(note(b"Bread is dear.") | bare)
    assert any("has no credential" in each for each in findings(made, Code.MISSING))


def test_an_empty_file_without_the_reason_lacks_a_credential(forged):
    told = {"evidence note": lambda said: {key: value for key, value in said.items() if key != "unsigned"}}
    assert findings(forged(note(b"") | told), Code.MISSING) != []


def test_bytes_put_into_an_empty_file_are_seen(forged):
    def fill(made):
        (path,) = [each for each in made.storage.files("artifacts/") if not made.storage.read(each)]
        return made.change(path, lambda _: b"something")

    assert fill(forged(note(b""))).judge().exit_code == Code.TAMPERED


@pytest.fixture
def store():
    return ArtifactStore(Storage(PowerLossDisk()))


def empty_artifact(payload=b""):
    recipe = Recipe("note", WRITER, "d1" * 32, "a note", "agent-1", 60, "make", 0, 1, {}, ("e2" * 32,))
    return Artifact(payload, "text/plain", recipe, "A note")


def test_the_store_takes_an_empty_artifact(store):
    path = store.put(empty_artifact(), EMPTY_FILE)
    assert store.find(empty_artifact().digest, "txt").data == b""
    assert path.endswith(".txt")
    store.write_named("world/empty.txt", EMPTY_FILE)


@pytest.mark.parametrize("offered", [SignedFile(b"x", None, "", "", "empty"), SignedFile(b"", None, "m", "1", "empty")])
def test_the_store_refuses_everything_else_without_a_credential(store, offered):
    with pytest.raises(UnsignedError):
        store.put(empty_artifact(offered.data), offered)
    with pytest.raises(UnsignedError):
        store.write_named("world/x.txt", offered)


def test_the_store_refuses_an_empty_file_for_an_artifact_that_holds_something(store):
    with pytest.raises(UnsignedError, match="not the artifact"):
        store.put(empty_artifact(b"words"), EMPTY_FILE)

"""The artifact store: refuses what is not signed for its place, and survives power loss at every operation."""

import contextlib
import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worldloom.provenance.artifact import Artifact
from worldloom.provenance.errors import CredentialError, FormatError, StorageError, UnsignedError
from worldloom.provenance.folder import certificate_path
from worldloom.provenance.keys import Keystore, RunAuthority
from worldloom.provenance.making import Making
from worldloom.provenance.media import EXTENSIONS, embeds, media_type_of, sdk_format
from worldloom.provenance.power_loss import PowerLoss, PowerLossDisk
from worldloom.provenance.reading import read_credential
from worldloom.provenance.recipe import Identity, Recipe
from worldloom.provenance.signing import CredentialSigner
from worldloom.provenance.storage import LocalDisk, Storage
from worldloom.provenance.store import ArtifactStore
from worldloom.provenance.trust import run_certificates

ORIGIN = "worldloom.run/a"
KINDS = sorted(EXTENSIONS)
MARKS = {"application/zip": b"hello", "application/pdf": b"/MediaBox"}  # the SDK writes after these bytes


def recipe(**changes):
    identity = Identity(backend="procedural", model="heraldry-1", output_licence="Apache-2.0")
    facts = {"kind": "image", "generator": identity, "request": "d1" * 32, "prompt": "an emblem", "agent": "agent-0"}
    rest = {"time": 60, "purpose": "make", "occurrence": 0, "seed": 7, "parents": ("e2" * 32,)}
    return Recipe(**{**facts, **rest, **changes})


@pytest.fixture
def make(payloads):
    """An artifact of a media type; changes go to its recipe."""
    return lambda kind="image/png", **changes: Artifact(payloads[kind], kind, recipe(**changes), "An emblem")


@pytest.fixture
def sign(signer):
    return lambda artifact, **changes: signer.sign(
        artifact.payload, dataclasses.replace(Making.of(artifact, ORIGIN), **changes)
    )


@pytest.fixture
def disk():
    return PowerLossDisk()


@pytest.fixture
def store(disk):
    return ArtifactStore(Storage(disk))


@pytest.mark.parametrize("kind", KINDS)
def test_a_signed_artifact_is_kept_under_its_content_digest(store, disk, make, sign, kind):
    artifact = make(kind)
    signed = sign(artifact)
    path = store.put(artifact, signed)
    assert path == f"artifacts/{artifact.digest[:2]}/{artifact.digest}.{EXTENSIONS[kind]}"
    found = store.find(artifact.digest, artifact.extension)
    assert (found.path, found.data, found.sidecar) == (path, signed.data, signed.sidecar)
    assert disk.files() == [path] if embeds(kind) else [path, path + ".c2pa"]


def test_the_same_artifact_signed_twice_stands_once_in_its_last_form(store, disk, make, sign):
    artifact = make()
    for _ in range(2):
        signed = sign(artifact)
        store.put(artifact, signed)
    assert len(disk.files()) == 1
    assert store.find(artifact.digest, "png").data == signed.data


def test_what_is_not_there_is_not_found(store):
    assert store.find("00" * 32, "png") is None
    with pytest.raises(FormatError):
        store.find("../../etc/passwd", "png")


# What the store refuses.


@pytest.mark.parametrize("kind", KINDS)
def test_unsigned_bytes_are_refused(store, disk, make, sign, kind):
    artifact = make(kind)
    bare = dataclasses.replace(sign(artifact), data=artifact.payload, sidecar=None)
    with pytest.raises(UnsignedError, match=artifact.digest):
        store.put(artifact, bare)
    with pytest.raises(UnsignedError):
        store.write_named(f"world/x.{EXTENSIONS[kind]}", bare)
    assert disk.operations == []


@pytest.mark.parametrize("kind", KINDS)
def test_bytes_changed_after_signing_are_refused(store, disk, make, sign, kind):
    artifact = make(kind)
    signed = sign(artifact)
    place = signed.data.index(MARKS[kind]) if kind in MARKS else signed.data.rindex(artifact.payload[-5:])
    changed = signed.data[:place] + bytes([signed.data[place] ^ 1]) + signed.data[place + 1 :]
    for refused in (dataclasses.replace(signed, data=changed), dataclasses.replace(signed, data=b"")):
        with pytest.raises(UnsignedError):
            store.put(artifact, refused)
        with pytest.raises(UnsignedError):
            store.write_named(f"world/x.{EXTENSIONS[kind]}", refused)
    assert disk.operations == []


def hostile(make, sign, payloads, name):
    """(artifact, what is offered for it) of each lie."""
    letter, emblem = make("text/plain"), make("image/png")
    other = make("image/png", seed=8)
    lies = {
        "the credential of another artifact": (emblem, sign(other)),
        "another's sidecar over the same bytes": (letter, sign(make("text/plain", seed=8))),
        "a credential that names no content": (emblem, sign(emblem, content="")),
        "a credential that names another media type": (
            letter,
            sign(letter, media_type="text/x-python"),
        ),
        "other bytes under a right name": (
            letter,
            sign(Artifact(b"other", "text/plain", letter.recipe), content=letter.digest),
        ),
        "a sidecar beside a picture": (emblem, dataclasses.replace(sign(emblem), sidecar=sign(letter).sidecar)),
        "no sidecar": (letter, dataclasses.replace(sign(letter), sidecar=None)),
        "a sidecar of garbage": (letter, dataclasses.replace(sign(letter), sidecar=b"garbage")),
        "an empty sidecar": (letter, dataclasses.replace(sign(letter), sidecar=b"")),
        "a manifest label that is not in it": (emblem, dataclasses.replace(sign(emblem), manifest="urn:c2pa:x")),
        "the serial of another certificate": (emblem, dataclasses.replace(sign(emblem), serial="5")),
    }
    return lies[name]


@pytest.mark.parametrize(
    "name",
    [
        "the credential of another artifact",
        "another's sidecar over the same bytes",
        "a credential that names no content",
        "a credential that names another media type",
        "other bytes under a right name",
        "a sidecar beside a picture",
        "no sidecar",
        "a sidecar of garbage",
        "an empty sidecar",
        "a manifest label that is not in it",
        "the serial of another certificate",
    ],
)
def test_a_lie_is_refused_and_nothing_is_written(store, disk, make, sign, payloads, name):
    artifact, offered = hostile(make, sign, payloads, name)
    with pytest.raises(UnsignedError):
        store.put(artifact, offered)
    assert disk.operations == []


def test_a_named_file_needs_the_credential_of_its_media_type(store, disk, make, sign):
    letter = make("text/plain")
    signed = sign(letter)
    store.write_named("world/note.txt", signed)
    assert disk.files() == ["world/note.txt", "world/note.txt.c2pa"]
    with pytest.raises(UnsignedError, match="media type"):
        store.write_named("scenario.py", signed)
    with pytest.raises(CredentialError, match="extension"):
        store.write_named("world/note.exe", signed)


# Order and durability.


def test_a_sidecar_is_durable_before_its_file_is_begun(store, disk, make, sign):
    artifact = make("text/plain")
    path = store.put(artifact, sign(artifact))
    renamed = disk.operations.index(f"rename {path}.c2pa.part {path}.c2pa")
    synced = next(at for at, operation in enumerate(disk.operations) if at > renamed and "sync_folder" in operation)
    assert synced < disk.operations.index(f"create {path}.part")


@pytest.mark.parametrize("kind", ["image/png", "text/plain", "model/gltf-binary"])
@pytest.mark.parametrize("again", [False, True], ids=["the first time", "over an older one"])
def test_power_loss_at_every_operation_leaves_no_file_without_its_credential(make, sign, kind, again):
    artifact = make(kind)
    before, signed = sign(artifact), sign(artifact)

    def put(disk):
        store = ArtifactStore(Storage(disk))
        if again:
            store.put(artifact, before)
        store.put(artifact, signed)

    whole = PowerLossDisk()
    put(whole)
    seen = set()
    for crash in range(len(whole.operations) + 1):
        disk = PowerLossDisk()
        disk.crash_at(crash)
        with contextlib.suppress(PowerLoss):
            put(disk)
        for seed in range(4):
            storage = Storage(disk.after_crash(seed))
            found = ArtifactStore(storage).find(artifact.digest, artifact.extension)
            seen.add(found is None)
            if found is not None:
                read = read_credential(found.data, kind, found.sidecar)
                assert read.state == "Valid", (crash, seed)
                assert read.manifest in (before.manifest, signed.manifest)
            storage.clear_parts()
            ArtifactStore(storage).put(artifact, signed)
            assert ArtifactStore(storage).find(artifact.digest, artifact.extension).data == signed.data
    assert seen == {True, False}


@pytest.mark.parametrize("kind", ["image/png", "text/plain"])
def test_a_full_disk_is_said_and_leaves_no_file_without_its_credential(make, sign, kind):
    artifact = make(kind)
    signed = sign(artifact)
    for write in range(1 if embeds(kind) else 2):
        disk = PowerLossDisk()
        disk.full_at(write)
        store = ArtifactStore(Storage(disk))
        with pytest.raises(StorageError, match="free space"):
            store.put(artifact, signed)
        assert store.find(artifact.digest, artifact.extension) is None
        disk.free()
        store.put(artifact, signed)
        assert store.find(artifact.digest, artifact.extension).data == signed.data


# Adoption: an artifact file that a killed process left without its entry (docs/formats.md, crash after 8).


@pytest.fixture
def run(disk, keystore):
    """(store, signer) of a run whose certificates stand in trust/, as at the time of the crash."""
    storage = Storage(disk)
    authority = RunAuthority(keystore.operator, "a", 1)
    key = authority.issue("conductor")
    storage.write(certificate_path("ca", 1), authority.certificate_pem)
    storage.write(certificate_path("conductor", 1), key.certificate_pem)
    return ArtifactStore(storage), CredentialSigner(key), key


@pytest.mark.parametrize("kind", KINDS)
def test_a_good_artifact_without_an_entry_is_adopted_with_the_dead_keys_credential(run, make, kind):
    store, signer, key = run
    artifact = make(kind)
    signed = signer.sign(artifact.payload, Making.of(artifact, ORIGIN))
    store.put(artifact, signed)
    key.destroy()
    assert store.adopt(artifact) == signed


def test_certificates_that_are_read_already_can_be_given(run, disk, make):
    store, signer, _ = run
    artifact = make()
    store.put(artifact, signer.sign(artifact.payload, Making.of(artifact, ORIGIN)))
    assert store.adopt(artifact, run_certificates(Storage(disk))) is not None
    assert store.adopt(artifact, []) is None


def test_where_no_file_was_left_nothing_is_adopted(run, make):
    assert run[0].adopt(make()) is None


def test_an_artifact_that_another_run_of_the_same_operator_signed_is_not_adopted(run, make, sign):
    store = run[0]
    artifact = make()
    store.put(artifact, sign(artifact))  # the session's key is not in this run's trust/
    assert store.adopt(artifact) is None


def test_an_artifact_under_a_certificate_that_trust_does_not_hold_is_not_adopted(disk, keystore, make):
    storage = Storage(disk)
    authority = RunAuthority(keystore.operator, "a", 1)
    storage.write(certificate_path("ca", 1), authority.certificate_pem)  # the leaf's own file is gone
    artifact, store = make(), ArtifactStore(storage)
    store.put(artifact, CredentialSigner(authority.issue("conductor")).sign(artifact.payload, Making.of(artifact, "o")))
    assert store.adopt(artifact) is None


def test_a_foreign_operators_artifact_is_not_adopted(run, make, tmp_path):
    store = run[0]
    artifact = make()
    foreign = CredentialSigner(RunAuthority(Keystore.open(tmp_path).operator, "a", 1).issue("conductor"))
    store.put(artifact, foreign.sign(artifact.payload, Making.of(artifact, ORIGIN)))
    assert store.adopt(artifact) is None


@pytest.mark.parametrize("kind", ["image/png", "text/plain"])
def test_a_damaged_artifact_is_not_adopted_and_can_be_signed_anew_over_it(run, disk, make, kind):
    store, signer, _ = run
    artifact = make(kind)
    path = store.put(artifact, signer.sign(artifact.payload, Making.of(artifact, ORIGIN)))
    for damaged in [path] if embeds(kind) else [path, path + ".c2pa"]:
        whole = disk.read(damaged)
        for broken in (b"", whole[: len(whole) // 2], whole[:40] + b"~" + whole[41:]):
            Storage(disk).write(damaged, broken)
            assert store.adopt(artifact) is None, (damaged, len(broken))
        anew = signer.sign(artifact.payload, Making.of(artifact, ORIGIN))
        store.put(artifact, anew)
        assert store.adopt(artifact) == anew


def test_a_sidecar_whose_file_the_crash_took_is_not_adopted(run, disk, make):
    store, signer, _ = run
    artifact = make("text/plain")
    path = store.put(artifact, signer.sign(artifact.payload, Making.of(artifact, ORIGIN)))
    Storage(disk).remove(path)
    assert store.adopt(artifact) is None
    store.put(artifact, signer.sign(artifact.payload, Making.of(artifact, ORIGIN)))
    assert store.adopt(artifact) is not None


def test_a_file_that_stands_under_anothers_name_is_not_adopted(run, disk, make):
    store, signer, _ = run
    one, two = make(), make(seed=8)
    path = store.put(one, signer.sign(one.payload, Making.of(one, ORIGIN)))
    there = path.replace(one.digest, two.digest).replace(f"/{one.digest[:2]}/", f"/{two.digest[:2]}/")
    Storage(disk).write(there, disk.read(path))
    assert store.adopt(two) is None


def test_what_no_log_names_is_swept_with_its_sidecar(store, disk, make, sign):
    letter, emblem, other = make("text/plain"), make("image/png"), make("text/plain", seed=8)
    kept = [store.put(each, sign(each)) for each in (letter, emblem)]
    gone = store.put(other, sign(other))
    disk.create("artifacts/00/left.png.part", b"half")
    assert sorted(store.sweep(kept)) == sorted([gone, gone + ".c2pa", "artifacts/00/left.png.part"])
    assert disk.files() == sorted([*kept, kept[0] + ".c2pa"])
    assert store.sweep(kept) == []


def test_on_a_real_disk_too(tmp_path, make, sign):
    store = ArtifactStore(Storage(LocalDisk(tmp_path)))
    artifact = make("text/plain")
    path = store.put(artifact, sign(artifact))
    assert (tmp_path / path).read_bytes() == artifact.payload
    assert (tmp_path / f"{path}.c2pa").exists()


# The one table of media types.


@pytest.mark.parametrize("kind", KINDS)
def test_a_path_of_each_type_is_read_back_as_that_type(kind):
    assert media_type_of(f"a.b/c.{EXTENSIONS[kind]}") == kind
    assert sdk_format(kind) == ("zip" if kind == "application/zip" else kind)


@given(st.text(max_size=20))
def test_a_type_that_is_not_in_the_table_is_refused(name):
    if name not in EXTENSIONS:
        for ask in (embeds, sdk_format, lambda kind: Artifact(b"x", kind, recipe())):
            with pytest.raises(CredentialError):
                ask(name)

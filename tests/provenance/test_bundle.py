"""The zip of a run: same folder, same bytes; its one form; its detached seal; reading it back as a disk."""

import io
import warnings
import zipfile

import pytest
from worldloom.provenance.bundle import ZipSeal, pack, pack_members, packed_files, read_zip_seal, zip_seal
from worldloom.provenance.errors import FormatError, ProvenanceError, StorageError
from worldloom.provenance.keys import Keystore, RunAuthority
from worldloom.provenance.making import Making
from worldloom.provenance.power_loss import PowerLossDisk
from worldloom.provenance.reading import read_credential
from worldloom.provenance.recipe import Identity
from worldloom.provenance.signing import CredentialSigner
from worldloom.provenance.storage import Storage
from worldloom.provenance.zip_disk import CREDENTIAL, ZipDisk

MAKING = Making(
    "A run", "application/zip", "bundle", "operator", Identity("worldloom", "b", source_type="compositeSynthetic")
)
FILES = {
    "SEAL": b"seal",
    "run.json": b"{}",
    "bodies/000000000000.seg": b"b" * 500,
    "world/map.png": b"\x89PNG",
    "empty": b"",
}


@pytest.fixture(scope="module")
def key(tmp_path_factory):
    operator = Keystore.open(tmp_path_factory.mktemp("keys")).operator
    return RunAuthority(operator, "a", 1).issue("conductor")


@pytest.fixture(scope="module")
def folder():
    storage = Storage(PowerLossDisk())
    storage.write_many(FILES.items())
    storage.write_many([("logs/noise", b"n"), ("lock", b"1"), ("world/half.part", b"h")])
    return storage


@pytest.fixture(scope="module")
def packed(folder, key):
    return pack(folder, CredentialSigner(key).sign, MAKING)


def test_holds_the_folder_but_logs_lock_and_parts(packed):
    disk = ZipDisk(packed)
    assert disk.files() == sorted(FILES)
    assert {path: disk.read(path) for path in disk.files()} == FILES
    assert disk.files("world/") == ["world/map.png"]
    assert disk.size("SEAL") == 4
    assert disk.exists("SEAL")
    assert not disk.exists("lock")


def test_is_the_same_for_the_same_folder_up_to_its_credential(folder, packed):
    unsigned = pack_members(packed_files(folder))
    assert unsigned == pack_members(packed_files(folder))
    credential_at = next(info for info in ZipDisk(packed).infos if info.filename == "META-INF/").header_offset
    assert packed[:credential_at] == unsigned[:-22]


def test_any_zip_program_reads_it_and_its_credential_covers_it(packed):
    with zipfile.ZipFile(io.BytesIO(packed)) as other:
        assert other.testzip() is None
        assert all(info.compress_type == zipfile.ZIP_STORED for info in other.infolist())
    assert read_credential(packed, "application/zip", None).holds
    at = packed.index(b"b" * 500)
    assert not read_credential(packed[:at] + b"c" + packed[at + 1 :], "application/zip", None).holds


def test_an_unsealed_folder_is_not_packed(key):
    with pytest.raises(FormatError, match="only a sealed run is packed"):
        pack(Storage(PowerLossDisk()), CredentialSigner(key).sign, MAKING)


def test_has_no_form_faults(packed):
    assert list(ZipDisk(packed).form_faults()) == []


def rezipped(packed, change):
    """The zip's members written anew by another program, after a change of the list of (name, bytes)."""
    with zipfile.ZipFile(io.BytesIO(packed)) as old:
        members = [(info.filename, old.read(info)) for info in old.infolist()]
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as new:
        for name, data in change(members):
            with warnings.catch_warnings(action="ignore"):  # of duplicate names
                new.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), data)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("", lambda data: data + b"x"),
        ("SEAL", lambda data: b"MZ" + data),
        ("SEAL", lambda data: data.replace(b"seal", b"lees", 1)),
        ("SEAL", lambda data: rezipped(data, lambda members: members)),
        ("SEAL", lambda data: rezipped(data, lambda members: [*members[:1], members[0], *members[1:]])),
        ("", lambda data: rezipped(data, lambda members: [members[1], members[0], *members[2:]])),
        (CREDENTIAL, lambda data: rezipped(data, lambda members: members[:-2])),
        (CREDENTIAL, lambda data: rezipped(data, lambda members: [*members, ("x", b"")])),
    ],
    ids=["tail", "head", "byte", "rezipped", "twice", "order", "unsigned", "after"],
)
def test_other_forms_are_faults(packed, name, change):
    """Whatever reads as a zip still is not the one that was packed."""
    try:
        disk = ZipDisk(change(packed))
    except FormatError:
        return
    faults = list(disk.form_faults())
    assert faults
    assert name in {where for where, _ in faults}


def test_bytes_between_the_members_are_found(packed, folder, key):
    """Signed again over a zip with hidden bytes: the credential holds, the form does not."""
    unsigned = pack_members(packed_files(folder))
    at = unsigned.index(b"PK\x01\x02")
    end = bytearray(unsigned[-22:])
    end[16:20] = (int.from_bytes(end[16:20], "little") + 4).to_bytes(4, "little")
    hidden = unsigned[:at] + b"hide" + unsigned[at:-22] + bytes(end)
    signed = CredentialSigner(key).sign(hidden, MAKING).data
    assert list(ZipDisk(signed).form_faults())


def test_is_only_read(packed):
    disk = ZipDisk(packed)
    for write in (
        lambda: disk.create("x", b""),
        lambda: disk.sync("x"),
        lambda: disk.sync_folder(""),
        lambda: disk.rename("SEAL", "x"),
        lambda: disk.remove("SEAL"),
        lambda: disk.read("missing"),
    ):
        with pytest.raises(StorageError):
            write()


def test_compressed_members_are_refused():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("SEAL", b"\0" * 10**6)
    with pytest.raises(StorageError, match="compressed"):
        ZipDisk(stream.getvalue()).read("SEAL")


def test_what_is_no_zip_is_said(packed):
    with pytest.raises(FormatError, match="not a zip"):
        ZipDisk(b"nothing")


def test_random_damage_never_gives_another_kind_of_error(packed):
    for at in range(0, len(packed), 37):
        damaged = packed[:at] + bytes([packed[at] ^ 0x40]) + packed[at + 1 :]
        try:
            disk = ZipDisk(damaged)
            list(disk.form_faults())
            for path in disk.files():
                disk.read(path)
        except ProvenanceError:
            continue


def test_zip_seal_names_size_and_digest(packed, key):
    note_key = key.note_key("worldloom.run/a")
    note = zip_seal(packed, note_key)
    assert read_zip_seal(note, [note_key.verifier]) == (ZipSeal.of(packed, "worldloom.run/a"), [note_key.verifier])
    assert read_zip_seal(note, [])[1] == []


@pytest.mark.parametrize(
    "text", ["", "x\n", "worldloom/zip-seal/1\na\n01 " + "0" * 64 + "\n", "worldloom/zip-seal/1\na\n1 x\n"]
)
def test_zip_seal_has_one_form(text):
    with pytest.raises(FormatError):
        ZipSeal.parse(text)

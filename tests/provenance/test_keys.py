"""The keystore and a run's keys: one operator for ever, hostile files refused by name, keys that die."""

import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID
from worldloom.provenance import operator_file, run_authority
from worldloom.provenance.errors import FormatError, KeystoreError
from worldloom.provenance.keys import Keystore, RunAuthority, default_home, trusted_anchors
from worldloom.provenance.note import open_note, sign_note

NAME = "worldloom.run/a"


@pytest.fixture(autouse=True)
def _no_passphrase(monkeypatch):
    monkeypatch.delenv("WORLDLOOM_PASSPHRASE", raising=False)


def certificate(pem):
    return x509.load_pem_x509_certificate(pem)


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_the_first_opening_makes_an_operator_and_every_later_one_finds_it(tmp_path):
    home = tmp_path / "not yet" / "ü"
    first = Keystore.open(home)
    assert first.operator.durable
    assert first.operator.reason == ""
    assert Keystore.open(home).operator.certificate_pem == first.operator.certificate_pem
    assert first.anchors() == [first.operator.certificate_pem]
    assert mode(home / "operator.pem") == 0o600
    assert mode(home) == 0o700
    assert not list(home.glob("*.part"))


def test_the_operator_is_a_self_signed_authority_of_thirty_years(tmp_path):
    root = certificate(Keystore.open(tmp_path).operator.certificate_pem)
    root.verify_directly_issued_by(root)
    basic = root.extensions.get_extension_for_class(x509.BasicConstraints)
    assert (basic.critical, basic.value.ca, basic.value.path_length) == (True, True, 1)
    assert (root.not_valid_after_utc - root.not_valid_before_utc).days == 30 * 365 + 8


def test_two_operators_can_be_told_apart_by_name(tmp_path):
    one, two = (Keystore.open(tmp_path / name).operator for name in "ab")
    assert one.organisation != two.organisation
    assert one.organisation.startswith("Worldloom operator ")


def test_the_operators_key_signs_notes(tmp_path):
    key = Keystore.open(tmp_path).operator.note_key("operator")
    again = Keystore.open(tmp_path).operator.note_key("operator")
    assert open_note(sign_note("erased\n", [key]), [again.verifier]) == ("erased\n", ["operator"])


def test_the_environment_names_the_keystore_else_the_users_data_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("WORLDLOOM_HOME", str(tmp_path / "named"))
    assert Keystore.open().home == tmp_path / "named"
    monkeypatch.delenv("WORLDLOOM_HOME")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("HOME", str(tmp_path))
    assert default_home() is not None
    assert tmp_path in default_home().parents
    monkeypatch.setenv("HOME", "")
    monkeypatch.delenv("XDG_DATA_HOME")
    assert default_home() is None or default_home().is_absolute()


def test_a_user_without_any_home_gets_an_operator_for_this_run_only(monkeypatch):
    for name in ("WORLDLOOM_HOME", "HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)

    def nobody(number):
        raise KeyError(number)

    monkeypatch.setattr("pwd.getpwuid", nobody)
    store = Keystore.open()
    assert not store.operator.durable
    assert "home" in store.operator.reason
    assert store.anchors() == [store.operator.certificate_pem]
    with pytest.raises(KeystoreError, match="WORLDLOOM_HOME"):
        store.add_anchor(store.operator.certificate_pem)


def test_a_keystore_that_cannot_be_written_gives_an_operator_for_this_run_only(tmp_path):
    home = "/proc/worldloom"  # nobody can make a folder here, not even root
    store = Keystore.open(type(tmp_path)(home))
    assert not store.operator.durable
    assert home in store.operator.reason
    assert store.operator.certificate_pem != Keystore.open(type(tmp_path)(home)).operator.certificate_pem
    RunAuthority(store.operator, "a", 1).issue("conductor")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_keystore_with_an_operator_is_used_as_it_is(tmp_path):
    pem = Keystore.open(tmp_path).operator.certificate_pem
    tmp_path.chmod(0o500)
    assert Keystore.open(tmp_path).operator.certificate_pem == pem
    tmp_path.chmod(0o700)


def test_many_processes_that_start_at_once_end_with_one_operator(tmp_path):
    code = (
        "import sys; from pathlib import Path; from worldloom.provenance.keys import Keystore; "
        "sys.stdout.write(Keystore.open(Path(sys.argv[1])).operator.fingerprint)"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "home")], stdout=subprocess.PIPE) for _ in range(4)
    ]
    found = {process.communicate(timeout=60)[0].decode() for process in running}
    assert [process.returncode for process in running] == [0] * 4
    assert found == {Keystore.open(tmp_path / "home").operator.fingerprint}


def test_many_threads_that_start_at_once_end_with_one_operator(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: Keystore.open(tmp_path).operator.fingerprint, range(8)))
    assert len(found) == 1


def test_a_half_written_operator_of_a_killed_process_is_not_one(tmp_path):
    (tmp_path / f"operator.pem.{os.getpid()}.part").write_bytes(b"-----BEGIN PRIV")
    assert Keystore.open(tmp_path).operator.durable


def test_a_full_disk_leaves_no_part_of_an_operator(tmp_path, monkeypatch):
    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(operator_file.os, "fsync", full)
    store = Keystore.open(tmp_path)
    assert not store.operator.durable
    assert "No space left" in store.operator.reason
    assert [path.name for path in tmp_path.iterdir()] == ["lock"]


def test_a_passphrase_locks_the_key_and_not_the_certificate(tmp_path):
    pem = Keystore.open(tmp_path, passphrase="öpen").operator.certificate_pem
    assert Keystore.open(tmp_path, passphrase="öpen").operator.certificate_pem == pem
    with pytest.raises(KeystoreError, match="WORLDLOOM_PASSPHRASE"):
        Keystore.open(tmp_path)
    with pytest.raises(KeystoreError, match="does not open it"):
        Keystore.open(tmp_path, passphrase="wrong")
    assert trusted_anchors(tmp_path) == [pem]


def test_the_passphrase_may_stand_in_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("WORLDLOOM_PASSPHRASE", "secret")
    Keystore.open(tmp_path)
    assert b"ENCRYPTED PRIVATE KEY" in (tmp_path / "operator.pem").read_bytes()
    Keystore.open(tmp_path)


def test_a_passphrase_for_a_key_without_one_is_not_passed_over(tmp_path):
    Keystore.open(tmp_path)
    with pytest.raises(KeystoreError, match="no passphrase"):
        Keystore.open(tmp_path, passphrase="secret")


def parts(home):
    whole = (home / "operator.pem").read_bytes()
    at = whole.index(b"-----BEGIN CERTIFICATE")
    return whole[:at], whole[at:]


def write_operator(home, data, permissions=0o600):
    path = home / "operator.pem"
    path.write_bytes(data)
    path.chmod(permissions)


def leaf_pem(home):
    return RunAuthority(Keystore.open(home).operator, "a", 1).issue("conductor").certificate_pem


def foreign_self_signed(tmp_path, subject_of):
    """A certificate of the right subject that another key signed."""
    other = Keystore.open(tmp_path / "other").operator
    root = certificate(subject_of)
    key = serialization.load_pem_private_key((tmp_path / "other" / "operator.pem").read_bytes(), None)
    forged = (
        x509.CertificateBuilder()
        .subject_name(root.subject)
        .issuer_name(certificate(other.certificate_pem).subject)
        .public_key(root.public_key())
        .serial_number(5)
        .not_valid_before(root.not_valid_before_utc)
        .not_valid_after(root.not_valid_after_utc)
        .add_extension(x509.BasicConstraints(True, None), critical=True)
        .sign(key, None)
    )
    return forged.public_bytes(serialization.Encoding.PEM)


HOSTILE = {
    "garbage": lambda home, tmp: b"garbage",
    "empty": lambda home, tmp: b"",
    "broken PEM": lambda home, tmp: parts(home)[0] + parts(home)[1].replace(b"MII", b"MI!", 1),
    "no certificate": lambda home, tmp: parts(home)[0],
    "no key": lambda home, tmp: parts(home)[1],
    "the key of another certificate": lambda home, tmp: (
        (Keystore.open(tmp / "b"), parts(tmp / "b")[0])[1] + parts(home)[1]
    ),
    "a leaf instead of an authority": lambda home, tmp: parts(home)[0] + leaf_pem(home),
    "two certificates": lambda home, tmp: parts(home)[0] + 2 * parts(home)[1],
    "a certificate that did not sign itself": lambda home, tmp: (
        parts(home)[0] + foreign_self_signed(tmp, parts(home)[1])
    ),
    "a P-256 key": lambda home, tmp: (
        generate_private_key(SECP256R1()).private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + parts(home)[1]
    ),
    "binary noise": lambda home, tmp: bytes(range(256)) * 40,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_operator_file_is_refused_by_name_with_a_remedy(tmp_path, name):
    home = tmp_path / "home"
    Keystore.open(home)
    write_operator(home, HOSTILE[name](home, tmp_path))
    with pytest.raises(KeystoreError) as caught:
        Keystore.open(home)
    assert str(home / "operator.pem") in str(caught.value)
    assert "restore" in str(caught.value)


@pytest.mark.parametrize("permissions", [0o644, 0o640, 0o660, 0o604, 0o666])
def test_an_operator_file_that_others_can_touch_is_refused(tmp_path, permissions):
    Keystore.open(tmp_path)
    (tmp_path / "operator.pem").chmod(permissions)
    with pytest.raises(KeystoreError, match="chmod 600"):
        Keystore.open(tmp_path)


def test_a_file_or_a_folder_in_the_keystores_place_is_said(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(KeystoreError, match="WORLDLOOM_HOME"):
        Keystore.open(tmp_path / "file")
    (tmp_path / "home" / "operator.pem").mkdir(parents=True)
    with pytest.raises(KeystoreError, match=r"operator\.pem"):
        Keystore.open(tmp_path / "home")


def test_added_anchors_are_trusted_until_removed(tmp_path):
    store, other = Keystore.open(tmp_path / "a"), Keystore.open(tmp_path / "b")
    added = store.add_anchor(other.operator.certificate_pem)
    assert [each.fingerprint for each in added] == [other.operator.fingerprint]
    store.add_anchor(other.operator.certificate_pem)  # twice is once
    both = [store.operator.certificate_pem, other.operator.certificate_pem]
    assert Keystore.open(tmp_path / "a").anchors() == both
    assert trusted_anchors(tmp_path / "a") == both
    assert [each.own for each in store.list_anchors()] == [True, False]
    with pytest.raises(KeystoreError):
        store.remove_anchor(store.operator.fingerprint)
    with pytest.raises(KeystoreError, match="8 or more"):
        store.remove_anchor("")
    assert store.remove_anchor(other.operator.fingerprint[:12]).fingerprint == other.operator.fingerprint
    assert store.anchors() == both[:1]


def test_a_signers_certificate_is_no_anchor(tmp_path):
    store = Keystore.open(tmp_path)
    with pytest.raises(KeystoreError, match="not of an authority"):
        store.add_anchor(leaf_pem(tmp_path))
    with pytest.raises(KeystoreError, match="no certificate"):
        store.add_anchor(b"garbage")
    assert len(store.anchors()) == 1


def test_a_broken_anchor_file_is_named(tmp_path):
    store = Keystore.open(tmp_path)
    (tmp_path / "anchors").mkdir()
    (tmp_path / "anchors" / "mine.pem").write_bytes(b"garbage")
    with pytest.raises(KeystoreError, match=r"mine\.pem"):
        store.anchors()
    with pytest.raises(KeystoreError, match=r"mine\.pem"):
        trusted_anchors(tmp_path)


def test_asking_whom_an_auditor_trusts_makes_no_keystore(tmp_path):
    assert trusted_anchors(tmp_path / "none") == []
    assert not (tmp_path / "none").exists()


@pytest.fixture
def operator(tmp_path):
    return Keystore.open(tmp_path / "home").operator


def test_a_leaf_has_the_profile_that_c2pa_asks_for(operator):
    authority = RunAuthority(operator, "run-1", 2)
    key = authority.issue("cohort-3")
    leaf, middle = x509.load_pem_x509_certificates(key.chain_pem)
    assert key.certificate_pem + authority.certificate_pem == key.chain_pem
    assert key.serial == str(leaf.serial_number)
    assert leaf.public_key().public_bytes_raw() == key.public
    leaf.verify_directly_issued_by(middle)
    middle.verify_directly_issued_by(certificate(operator.certificate_pem))
    names = {each.oid._name: each.value for each in leaf.subject}
    assert names == {
        "organizationName": operator.organisation,
        "organizationalUnitName": "run-1",
        "commonName": "cohort-3-2",
    }
    usage = leaf.extensions.get_extension_for_class(x509.KeyUsage)
    assert usage.critical
    assert usage.value.digital_signature
    assert not usage.value.key_cert_sign
    purposes = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(purposes) == [ExtendedKeyUsageOID.EMAIL_PROTECTION]
    assert not leaf.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    issuer = leaf.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value.key_identifier
    assert issuer == middle.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
    assert middle.extensions.get_extension_for_class(x509.BasicConstraints).value.path_length == 0
    assert 3650 <= (leaf.not_valid_after_utc - leaf.not_valid_before_utc).days <= 3654


def test_certificates_end_before_their_issuer_does(operator, monkeypatch):
    root = certificate(operator.certificate_pem)
    late = root.not_valid_after_utc.replace(year=root.not_valid_after_utc.year - 4)
    for module in (operator_file, run_authority):
        monkeypatch.setattr(module, "now", lambda: late)
    key = RunAuthority(operator, "a", 1).issue("conductor")
    assert certificate(key.certificate_pem).not_valid_after_utc == root.not_valid_after_utc


def test_an_operator_that_has_run_out_begins_no_run(operator, monkeypatch):
    root = certificate(operator.certificate_pem)
    for when in (root.not_valid_after_utc, root.not_valid_before_utc.replace(year=2001)):
        monkeypatch.setattr(operator_file, "now", lambda when=when: when)
        with pytest.raises(KeystoreError, match="check the clock"):
            RunAuthority(operator, "a", 1)


def test_no_two_certificates_share_a_serial_number(operator):
    authority = RunAuthority(operator, "a", 1)
    serials = [authority.serial, *(authority.issue(f"cohort-{number}").serial for number in range(30))]
    assert len(set(serials)) == 31


@pytest.mark.parametrize("role", ["", "ca", "Conductor", "a/b", "../x", "a b", "a-", "ü", "a" * 41])
def test_a_role_that_cannot_name_a_file_is_refused(operator, role):
    with pytest.raises(KeystoreError, match="role"):
        RunAuthority(operator, "a", 1).issue(role)


def test_a_run_id_or_part_that_names_no_run_is_refused(operator):
    with pytest.raises(FormatError):
        RunAuthority(operator, "../x", 1)
    with pytest.raises(KeystoreError, match="part"):
        RunAuthority(operator, "a", -1)


def test_a_role_is_certified_once_a_start(operator):
    authority = RunAuthority(operator, "a", 1)
    authority.issue("conductor")
    with pytest.raises(KeystoreError, match="conductor"):
        authority.issue("conductor")
    RunAuthority(operator, "a", 2).issue("conductor")


def test_a_destroyed_key_refuses_every_use(operator):
    key = RunAuthority(operator, "a", 1).issue("conductor")
    note = key.note_key(NAME)
    assert open_note(sign_note("head\n", [note]), [note.verifier])[1] == [NAME]
    said = []
    key.on_destroy(lambda: said.append("gone"))
    key.destroy()
    key.destroy()
    assert said == ["gone"]
    assert not key.alive
    uses = (
        lambda: key.sign(b""),
        lambda: key.note_key(NAME),
        lambda: sign_note("head\n", [note]),
        key.private_pem,
        lambda: key.on_destroy(lambda: None),
    )
    for use in uses:
        with pytest.raises(KeystoreError, match="gone"):
            use()


def test_a_destroyed_authority_issues_nothing(operator):
    authority = RunAuthority(operator, "a", 1)
    key = authority.issue("conductor")
    authority.destroy()
    with pytest.raises(KeystoreError, match="gone"):
        authority.issue("cohort-0")
    assert key.alive


def test_no_private_key_shows_in_what_is_printed_of_an_operator(tmp_path):
    store = Keystore.open(tmp_path)
    secret = (tmp_path / "operator.pem").read_text().split("\n")[1]
    assert secret not in repr(store.operator)
    assert "Ed25519PrivateKey" not in repr(store.operator)

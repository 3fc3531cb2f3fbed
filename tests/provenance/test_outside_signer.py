"""Keys that sign elsewhere, named on the command line: pkcs11 URIs, functions, what is wrong with them."""

from __future__ import annotations

import datetime as dt
import sys
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worldloom.provenance.algorithms import ALGORITHMS, OutsideKey, generate, holds, sign_with
from worldloom.provenance.errors import KeystoreError
from worldloom.provenance.keys import Keystore, RunAuthority, SigningPolicy
from worldloom.provenance.outside_signer import open_signer
from worldloom.provenance.pkcs11_uri import parse
from worldloom.provenance.reading import read_credential
from worldloom.provenance.signers import RunSigners

MODULE = "?module-path=/usr/lib/softhsm/libsofthsm2.so"
NOW = dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)


def test_a_uri_is_read_whole():
    found = parse("pkcs11:token=My%20Token;object=signer;id=%01%ff;serial=9;slot-id=3;type=private;x-a=b" + MODULE)
    assert (found.token, found.label, found.key_id, found.serial, found.slot) == (
        "My Token",
        "signer",
        b"\x01\xff",
        "9",
        3,
    )
    assert found.module_path == "/usr/lib/softhsm/libsofthsm2.so"


def test_the_pin_comes_from_the_uri_a_file_or_the_variable_and_is_in_no_message(tmp_path):
    (tmp_path / "pin").write_text("2468\n")
    uri = f"pkcs11:token=t{MODULE}"
    assert parse(f"{uri}&pin-value=1%32").pin("9") == "12"
    assert parse(f"{uri}&pin-source=file:{tmp_path}/pin").pin("9") == "2468"
    assert (parse(uri).pin("9"), parse(uri).pin("")) == ("9", None)
    assert "1357" not in repr(parse(f"{uri}&pin-value=1357"))
    with pytest.raises(KeystoreError, match="cannot be read"):
        parse(f"{uri}&pin-source=file:{tmp_path}/none").pin("")


@pytest.mark.parametrize(
    ("uri", "why"),
    [
        ("pkcs12:token=a", "begins with"),
        ("pkcs11:token=a", "names no module"),
        (f"pkcs11:tokn=a{MODULE}", "'tokn'"),
        (f"pkcs11:token=a;token=b{MODULE}", "twice"),
        (f"pkcs11:token{MODULE}", "'token'"),
        (f"pkcs11:type=cert{MODULE}", "private key"),
        (f"pkcs11:slot-id=-1{MODULE}", "no number"),
        (f"pkcs11:token=%ff{MODULE}", "not UTF-8"),
        ("pkcs11:" + "x" * 5000, "begins with"),
    ],
)
def test_a_wrong_uri_says_what_is_wrong(uri, why):
    with pytest.raises(KeystoreError, match=why):
        parse(uri)


@given(st.text())
def test_no_text_makes_the_reader_fall_over(text):
    for each in (text, f"pkcs11:{text}", f"pkcs11:token=a?{text}"):
        try:
            parse(each)
        except KeystoreError:
            continue


@pytest.fixture
def service(monkeypatch):
    """A module with functions as a user would write them for a key service."""
    module = ModuleType("a_key_service")
    module.keys = {name: generate(name) for name in ALGORITHMS}

    def named(name):
        key = module.keys[name]
        return OutsideKey(name, key.public_key(), lambda data: sign_with(key, data))

    def broken():
        raise OSError("no network")

    module.ed25519, module.es256 = lambda: named("ed25519"), lambda: named("es256")
    module.nothing, module.broken = dict, broken
    module.another = lambda: OutsideKey("ed25519", generate("ed25519").public_key(), named("ed25519").sign)
    monkeypatch.setitem(sys.modules, "a_key_service", module)
    return module


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_function_gives_a_key_that_signs(service, algorithm):
    key = open_signer(f"a_key_service:{algorithm}")
    assert (key.algorithm, holds(key.public, key.sign(b"x"), b"x")) == (algorithm, True)
    assert not holds(key.public, key.sign(b"x"), b"y")
    assert not holds(key.public, b"", b"x")


@pytest.mark.parametrize(
    ("signer", "why"),
    [
        ("a_key_service:missing", "is not there"),
        ("no_such_module:key", "PYTHONPATH"),
        ("a_key_service:nothing", "returned a dict"),
        ("a_key_service:broken", "no network"),
        ("a_key_service", "pkcs11 URI"),
        ("../evil:x", "pkcs11 URI"),
        ("a_key_service:__import__('os')", "pkcs11 URI"),
        ("pkcs11:token=a?module-path=/no/such/module.so", "no such file"),
    ],
)
def test_what_gives_no_key_says_why(service, signer, why):
    with pytest.raises(KeystoreError, match=why):
        open_signer(signer)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("per_agent", [False, True])
def test_every_credential_of_a_run_is_by_the_key_elsewhere(
    service, keystore, making, payloads, independent_verifier, algorithm, per_agent
):
    policy = SigningPolicy(leaf_per_agent=per_agent, signer=f"a_key_service:{algorithm}")
    authority, announced = RunAuthority(keystore.operator, "a", 1), []
    key = authority.issue("conductor")
    signers = RunSigners(
        key, authority, policy, lambda born, time: announced.append(born.role), open_signer(policy.signer)
    )
    for kind in ("image/png", "text/plain"):
        file = signers.sign(payloads[kind], making(kind))
        read = read_credential(file.data, kind, file.sidecar, keystore.anchors())
        assert (read.state, read.serial != key.serial) == ("Trusted", True)
        assert independent_verifier.verify_bytes(file.data, kind, file.sidecar, keystore.anchors(), NOW).problems == []
    assert announced == (["agent-3"] if per_agent else ["signer"])


def test_a_key_that_is_not_the_one_it_says_is_not_certified(service, keystore):
    with pytest.raises(KeystoreError, match="right pair"):
        RunAuthority(keystore.operator, "a", 1).issue_outside("signer", open_signer("a_key_service:another"))


def test_the_keystore_keeps_a_signer_and_no_pin(service, tmp_path):
    store = Keystore.open(tmp_path)
    store.keep_policy(SigningPolicy(signer="a_key_service:es256"))
    assert Keystore.open(tmp_path).outside_key().algorithm == "es256"
    store.sign_by("a_key_service:ed25519")
    assert store.outside_key().algorithm == "ed25519"
    with pytest.raises(KeystoreError, match="a PIN is not kept"):
        store.keep_policy(SigningPolicy(signer=f"pkcs11:token=a{MODULE}&pin-value=1"))

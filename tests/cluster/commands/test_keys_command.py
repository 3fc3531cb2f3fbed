"""`worldloom keys` as it is typed: ceremonies, lint, revocation; and runs that sign as the keystore says."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner
from worldloom.cluster import RunOptions, Silent, running
from worldloom.cluster.commands.main import app
from worldloom.provenance.audit import Demands, audit
from worldloom.provenance.errors import KeystoreError
from worldloom.provenance.keys import Keystore, SigningPolicy
from worldloom.provenance.storage import LocalDisk, Storage
from worldloom.provenance.trust import run_certificates


@pytest.fixture
def typed(monkeypatch, tmp_path):
    """Type a command with a keystore of that name; returns exit status and what was printed."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("WORLDLOOM_PASSPHRASE", raising=False)

    def type_(home, *words):
        monkeypatch.setenv("WORLDLOOM_HOME", str(tmp_path / home))
        done = CliRunner().invoke(app, [str(word) for word in words])
        return done.exit_code, done.output

    return type_


def test_an_operator_is_made_with_its_name_and_shown(typed):
    assert typed("home", "keys", "init", "--organisation", "Example Ltd")[0] == 0
    status, said = typed("home", "keys", "list")
    assert status == 0
    assert "Example Ltd (own" in said
    assert "ed25519, a certificate for each process" in said


def test_how_runs_sign_is_kept(typed, tmp_path):
    assert typed("home", "keys", "init", "--algorithm", "es256")[0] == 0
    assert typed("home", "keys", "init", "--leaf-per-agent")[0] == 0
    assert Keystore.open(tmp_path / "home").policy == SigningPolicy("es256", leaf_per_agent=True)
    assert typed("home", "keys", "init", "--leaf-per-process", "--algorithm", "ed25519")[0] == 0
    assert Keystore.open(tmp_path / "home").policy == SigningPolicy()
    assert "es256, a certificate" not in typed("home", "keys", "list")[1]


URI = "pkcs11:token=studio;object=signer?module-path=/no/such/module.so"


def test_a_key_elsewhere_is_kept_and_listed(typed, tmp_path):
    assert typed("home", "keys", "init", "--signer", URI)[0] == 0
    assert Keystore.open(tmp_path / "home").policy == SigningPolicy(signer=URI)
    assert f"by {URI}" in typed("home", "keys", "list")[1].replace("\n", "")
    assert typed("home", "keys", "init", "--signer", "")[0] == 0
    assert Keystore.open(tmp_path / "home").policy == SigningPolicy()


@pytest.mark.parametrize(
    ("signer", "why"),
    [
        (URI, "no such file"),
        ("pkcs11:token=studio", "names no module"),
        ("no_such_module:key", "is not there"),
        ("nonsense", "pkcs11 URI"),
    ],
)
def test_a_run_whose_key_elsewhere_is_not_there_does_not_begin(typed, tmp_path, signer, why):
    with pytest.raises(KeystoreError, match=why):
        running.run(RunOptions(out=tmp_path / "run", signer=signer, home=tmp_path / "home"), Silent())
    assert not (tmp_path / "run").exists()


def test_the_ceremony_of_a_root_that_stays_offline(typed, tmp_path):
    assert typed("root", "keys", "init", "--offline", "--organisation", "Example Ltd")[0] == 0
    assert typed("home", "keys", "init", "--request", "request.pem")[0] == 0
    assert typed("root", "keys", "issue", "request.pem", "--out", "chain.pem")[0] == 0
    status, said = typed("home", "keys", "init", "--chain", "chain.pem")
    assert (status, "Example Ltd (own" in said) == (0, True)
    assert Keystore.open(tmp_path / "home").operator.above
    assert typed("home", "keys", "show")[1] == typed("root", "keys", "show")[1]
    assert typed("home", "keys", "lint", "chain.pem") == (0, "nothing to say\n")


@pytest.mark.parametrize(
    "words",
    [
        ["--offline", "--request", "r.pem"],
        ["--key", "k.pem"],
        ["--chain", "nowhere.pem"],
        ["--request", "there.pem"],
    ],
)
def test_ceremonies_that_do_not_go_together_are_usage(typed, tmp_path, words):
    (tmp_path / "there.pem").write_text("something")
    assert typed("home", "keys", "init", *words)[0] == 2


def test_lint_names_what_is_wrong_with_a_status_of_its_own(typed, tmp_path):
    typed("home", "keys", "init")
    root = typed("home", "keys", "show")[1]
    (tmp_path / "twice.pem").write_text(root)
    assert typed("home", "keys", "lint", "twice.pem")[0] == 0
    assert typed("home", "keys", "lint", "none.pem")[0] == 2


def test_timestamps_need_a_seal(typed, tmp_path):
    (tmp_path / "run").mkdir()
    status, _ = typed("home", "timestamp", "run", "--tsa", "http://127.0.0.1:1/")
    assert status == 2


@pytest.mark.slow
def test_a_run_signs_as_the_keystore_says_and_is_revoked(typed, tmp_path):
    typed("root", "keys", "init", "--offline", "--organisation", "Example Ltd")
    typed("home", "keys", "init", "--request", "request.pem")
    typed("root", "keys", "issue", "request.pem", "--out", "chain.pem")
    typed("home", "keys", "init", "--chain", "chain.pem", "--algorithm", "es256", "--leaf-per-agent")
    command = [Path(sys.executable).parent / "worldloom", "run", "--local", "--agents", "6", "--hours", "3"]
    command += ["--generator", "text=rules", "--out", tmp_path / "run"]
    environment = {"WORLDLOOM_HOME": str(tmp_path / "home"), "PATH": "/usr/bin:/bin"}
    subprocess.run(command, check=True, capture_output=True, timeout=600, env=environment)
    roles = {each.role for each in run_certificates(Storage(LocalDisk(tmp_path / "run")))}
    assert {"ca", "conductor", "operator", "signer", "agent-0"} <= roles
    root = Keystore.open(tmp_path / "root").operator.certificate_pem
    for path in (tmp_path / "run", tmp_path / "run.zip"):
        assert audit(path, anchors=[root], demands=Demands(strict=True)).findings == ()
    assert typed("home", "audit", "run")[0] == 0
    assert typed("home", "keys", "revoke", "run", "--reason", "keyCompromise")[0] == 0
    assert typed("home", "audit", "run")[0] == 13  # the own list counts
    (tmp_path / "root.pem").write_bytes(root)
    assert typed("other", "audit", "run", "--anchor", "root.pem")[0] == 0
    status, said = typed("other", "audit", "run", "--anchor", "root.pem", "--revoked", "home/revocations", "--json")
    assert status == 13
    assert {each["step"] for each in json.loads(said)["findings"]} == {"revoked"}
    assert typed("other", "audit", "run", "--revoked", "home/revocations")[0] not in (0, 13)  # of nobody whom it trusts

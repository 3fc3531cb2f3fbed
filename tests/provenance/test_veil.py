"""Salted digests: one salt a request, a secret beside the run that the run commits to, one prompt shown at a time."""

import dataclasses
import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worldloom.provenance.errors import FormatError
from worldloom.provenance.power_loss import PowerLossDisk
from worldloom.provenance.revealed import RevealedPrompt
from worldloom.provenance.storage import LocalDisk, Storage
from worldloom.provenance.veil import Veil, read_veil, salted_digest, write_veil

WHAT = ("text", "decide", "agent-1", 60, 0)
words = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=9)
asked = st.tuples(words, words, words, st.integers(0, 2**40), st.integers(0, 99))


@given(asked, asked)
def test_no_two_requests_share_a_salt(one, other):
    veil = Veil(bytes(32))
    assert (veil.salt(*one) == veil.salt(*other)) == (one == other)


def test_two_runs_share_no_digest():
    digests = {salted_digest(Veil.new().salt(*WHAT), "yes") for _ in range(9)}
    assert len(digests) == 9


def test_the_secret_is_for_its_owners_eyes(tmp_path):
    veil, beside = Veil.new(), Storage(LocalDisk(tmp_path))
    write_veil(beside, "village-1", veil)
    path = tmp_path / "village-1.salt"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read_veil(beside, "village-1", veil.commitment) == veil
    assert veil.secret.hex() not in repr(veil)


def test_a_secret_is_never_written_over():
    beside = Storage(PowerLossDisk())
    write_veil(beside, "village-1", Veil.new())
    with pytest.raises(FormatError, match="already"):
        write_veil(beside, "village-1", Veil.new())


def test_the_secret_of_another_run_is_refused():
    beside = Storage(PowerLossDisk())
    assert read_veil(beside, "village-1", Veil.new().commitment) is None
    write_veil(beside, "village-1", Veil.new())
    with pytest.raises(FormatError, match="another run"):
        read_veil(beside, "village-1", Veil.new().commitment)


@pytest.mark.parametrize("data", [b"", b"\xff" * 80, b"worldloom/salt/1\nab\n", b"worldloom/salt/2\n" + b"0" * 64])
def test_files_that_hold_no_secret(data):
    beside = Storage(PowerLossDisk())
    beside.write("village-1.salt", data)
    with pytest.raises(FormatError):
        read_veil(beside, "village-1", "00" * 32)


@pytest.mark.parametrize("secret", [b"", bytes(31), bytes(33)])
def test_secrets_of_another_length(secret):
    with pytest.raises(FormatError, match="32"):
        Veil(secret)


def shown():
    salt = Veil(bytes(32)).salt(*WHAT)
    request = {"kind": "text", "prompt": "", "veil": salted_digest(salt, "Come in")}
    return RevealedPrompt("worldloom.run/a", salt, "Come in", request)


def test_a_revealed_prompt_goes_to_a_file_and_back():
    assert shown().holds
    assert RevealedPrompt.decode(shown().encode()) == shown()


def test_another_prompt_or_salt_does_not_hold():
    assert not dataclasses.replace(shown(), prompt="Come in!").holds
    assert not dataclasses.replace(shown(), salt=bytes(32)).holds


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"[]", b'{"origin":1}', shown().encode()[:-9], shown().encode() + b" ", b"\xff\xfe"]
)
def test_files_that_reveal_nothing(data):
    with pytest.raises(FormatError):
        RevealedPrompt.decode(data)

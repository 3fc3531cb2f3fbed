"""Receipts of a replay: one byte form, signed by the operator."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worldloom.provenance.errors import FormatError
from worldloom.provenance.keys import Keystore
from worldloom.provenance.power_loss import PowerLossDisk
from worldloom.provenance.receipt import RECORDED, REGENERATED, SAMPLED, Left, Receipt, read_receipt, write_receipt
from worldloom.provenance.sample import Sample
from worldloom.provenance.storage import Storage

RECEIPT = Receipt(
    origin="worldloom.run/a",
    content_root="ab" * 32,
    replayed_root="ab" * 32,
    mode=REGENERATED,
    wall="2026-11-24T10:00:00+00:00",
    numeric_class="cd" * 32,
    regenerated={"text:rules": 12, "mesh:embedded": 2},
    agreeing={"text:rules": 12, "mesh:embedded": 1},
)


def test_stands_beside_the_folder_and_is_the_operators(tmp_path):
    operator = Keystore.open(tmp_path).operator
    key = operator.note_key("worldloom.operator")
    beside = Storage(PowerLossDisk())
    path = write_receipt(beside, "village-1", RECEIPT, key)
    assert path == "village-1.replay"
    assert read_receipt(beside.read(path), [key.verifier]) == (RECEIPT, [key.verifier])
    assert read_receipt(beside.read(path), []) == (RECEIPT, [])


def test_says_whether_the_content_is_the_same():
    assert RECEIPT.equal
    assert not dataclasses.replace(RECEIPT, replayed_root="cd" * 32).equal


hexes = st.binary(min_size=32, max_size=32).map(bytes.hex)
counts = st.dictionaries(st.sampled_from(["text:rules", "image:procedural", "mesh:embedded"]), st.integers(0, 10**6))
receipts = st.builds(
    lambda content, replayed, mode, class_, made: Receipt(
        "worldloom.run/a",
        content,
        replayed,
        mode,
        "2026-11-24T10:00:00Z",
        class_,
        made,
        {k: v // 2 for k, v in made.items()},
    ),
    hexes,
    hexes,
    st.sampled_from([RECORDED, REGENERATED]),
    st.one_of(st.just(""), hexes),
    counts,
)


@given(receipts)
def test_round_trip(receipt):
    assert Receipt.parse(receipt.text()) == receipt


@given(receipts, st.data())
def test_has_one_byte_form(receipt, data):
    text = receipt.text()
    at = data.draw(st.integers(0, len(text) - 1))
    changed = text[:at] + data.draw(st.sampled_from(["", " ", "\n", "0", "A", "é"])) + text[at + 1 :]
    try:
        other = Receipt.parse(changed)
    except FormatError:
        return
    assert (other == receipt) == (changed == text)


@pytest.mark.parametrize(
    "changes",
    [{"mode": "guessed"}, {"wall": "today"}, {"content_root": "xy"}, {"regenerated": {"a b": 1}}, {"origin": "a\nb"}],
)
def test_refuses_what_it_cannot_say(changes, tmp_path):
    key = Keystore.open(tmp_path).operator.note_key("worldloom.operator")
    with pytest.raises(FormatError):
        write_receipt(Storage(PowerLossDisk()), "x", dataclasses.replace(RECEIPT, **changes), key)


SAMPLE = dataclasses.replace(
    RECEIPT,
    replayed_root="",
    mode=SAMPLED,
    sample=Sample("5%", 14, 280, "ef" * 32),
    logged_classes=("ab" * 32, "cd" * 32),
    left={"image:diffusers": Left(3, "it does not promise to repeat itself")},
    agreeing=RECEIPT.regenerated,
)


def test_of_a_sample_all_that_was_made_anew_has_to_agree():
    assert SAMPLE.equal
    assert (SAMPLE.made, SAMPLE.made_equal) == (14, 14)
    assert not dataclasses.replace(SAMPLE, agreeing={}).equal
    assert not dataclasses.replace(SAMPLE, regenerated={}, agreeing={}).equal


def test_it_says_whether_the_machine_was_of_another_class():
    assert SAMPLE.other_class
    assert not dataclasses.replace(SAMPLE, logged_classes=("cd" * 32,)).other_class
    assert not RECEIPT.other_class  # which does not know


def test_a_receipt_of_the_form_before_stays_readable_to_the_byte():
    old = RECEIPT.text()
    assert old.startswith("worldloom/replay/1\n")
    assert Receipt.parse(old).text() == old
    assert SAMPLE.text().startswith("worldloom/replay/2\n")


@given(st.sampled_from([SAMPLE, dataclasses.replace(RECEIPT, left=SAMPLE.left)]), st.data())
def test_the_second_form_has_one_byte_form(receipt, data):
    text = receipt.text()
    assert Receipt.parse(text) == receipt
    at = data.draw(st.integers(0, len(text) - 1))
    changed = text[:at] + data.draw(st.sampled_from(["", " ", "\n", "0", "A", "é"])) + text[at + 1 :]
    try:
        other = Receipt.parse(changed)
    except FormatError:
        return
    assert (other == receipt) == (changed == text)


@pytest.mark.parametrize(
    "changes",
    [
        {"sample": None},
        {"replayed_root": "ab" * 32},
        {"mode": REGENERATED},
        {"logged_classes": ("cd" * 32, "ab" * 32)},
        {"left": {"image:diffusers": Left(3, "two\nlines")}},
        {"agreeing": {"text:rules": 13}},
    ],
)
def test_values_that_do_not_fit_together_are_refused(changes):
    with pytest.raises(FormatError):
        Receipt.parse(dataclasses.replace(SAMPLE, **changes).text())

"""Recorded answers: durable, found again, one to a request."""

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worldloom.provenance.answers import AnswerBook
from worldloom.provenance.digests import REQUEST, digest_json
from worldloom.provenance.errors import FormatError, LogError, StorageError
from worldloom.provenance.power_loss import PowerLoss, PowerLossDisk
from worldloom.provenance.segments import decode_segment, encode_segment
from worldloom.provenance.storage import Storage


def request(number):
    return {"kind": "text", "occurrence": number, "prompt": f"say {number}", "seed": str(2**63)}


def answer(text="", payload=b""):
    return {"status": "ok", "text": text, "payload": hashlib.sha256(payload).hexdigest() if payload else ""}


def fill(book, start=0, stop=3):
    for number in range(start, stop):
        payload = b"png%d" % number if number % 2 else b""
        book.put(request(number), answer(f"t{number}", payload), payload)


def digest(number):
    return digest_json(REQUEST, request(number)).hex()


def check(book, start, stop):
    for number in range(start, stop):
        payload = b"png%d" % number if number % 2 else b""
        assert book.get(digest(number)) == (request(number), answer(f"t{number}", payload), payload)


def test_answers_are_found_before_and_after_the_flush_and_after_reopening():
    storage = Storage(PowerLossDisk())
    book = AnswerBook(storage)
    fill(book)
    check(book, 0, 3)
    assert book.flush() == 3
    assert book.flush() == 0
    check(book, 0, 3)
    again = AnswerBook(storage)
    fill(again, 3, 5)
    again.flush()
    book = AnswerBook(storage)
    check(book, 0, 5)
    assert len(book) == 5
    assert list(book) == [digest(number) for number in range(5)]
    assert digest(1) in book
    assert digest(9) not in book
    assert book.get(digest(9)) is None
    assert [path for path in storage.files() if path.endswith("seg")] == [
        "answers/000000.seg",
        "answers/000001.seg",
    ]


def test_the_same_answer_again_is_one_and_another_is_refused():
    book = AnswerBook(Storage(PowerLossDisk()))
    for _ in range(2):
        fill(book)
        book.flush()
    assert len(book) == 3
    with pytest.raises(LogError, match="another answer"):
        book.put(request(0), answer("other"))
    with pytest.raises(LogError, match="payload"):
        book.put(request(7), answer("x", b"named"), b"given")
    assert len(book) == 3


def test_a_power_loss_at_any_operation_keeps_what_was_flushed_and_allows_going_on():
    whole = PowerLossDisk()
    book = AnswerBook(Storage(whole))
    fill(book, 0, 2)
    book.flush()
    fill(book, 2, 4)
    book.flush()
    for crash in range(len(whole.operations)):
        disk, flushed = PowerLossDisk(), 0
        disk.crash_at(crash)
        book = AnswerBook(Storage(disk))
        try:
            for start in (0, 2):
                fill(book, start, start + 2)
                book.flush()
                flushed = start + 2
        except PowerLoss:
            pass
        for seed in range(4):
            storage = Storage(disk.after_crash(seed))
            again = AnswerBook(storage)
            check(again, 0, flushed)
            fill(again, 0, 4)
            again.flush()
            check(AnswerBook(storage), 0, 4)


def test_a_full_disk_loses_nothing_that_memory_holds():
    for write in range(3):
        disk = PowerLossDisk()
        book = AnswerBook(Storage(disk))
        fill(book, 0, 4)
        disk.full_at(write)
        with pytest.raises(StorageError):
            book.flush()
        disk.free()
        check(book, 0, 4)
        assert book.flush() == 4
        check(AnswerBook(Storage(disk)), 0, 4)


@pytest.fixture
def filled():
    storage = Storage(PowerLossDisk())
    book = AnswerBook(storage)
    fill(book)
    book.flush()
    return storage


@settings(max_examples=60)
@given(st.data())
def test_a_flipped_bit_is_refused_or_leaves_the_answers_as_they_were(data):
    storage = Storage(PowerLossDisk())
    book = AnswerBook(storage)
    fill(book)
    book.flush()
    segment = bytearray(storage.read("answers/000000.seg"))
    bit = data.draw(st.integers(0, len(segment) * 8 - 1))
    segment[bit // 8] ^= 1 << bit % 8
    storage.write("answers/000000.seg", bytes(segment))
    try:
        book = AnswerBook(storage)
        found = [book.get(name) for name in book]
    except FormatError:
        return
    raise AssertionError(found)


def test_an_erased_answer_is_none_and_the_others_stay(filled):
    items = decode_segment(filled.read("answers/000000.seg"))
    filled.write("answers/000000.seg", encode_segment([items[0].erased(), *items[1:]]))
    book = AnswerBook(filled)
    assert book.get(digest(0)) is None
    check(book, 1, 3)


def test_changed_or_missing_blobs_are_errors(filled):
    (blob,) = filled.files("answers/blobs")
    filled.write(blob, b"png2")
    with pytest.raises(FormatError, match="named after"):
        AnswerBook(filled).get(digest(1))
    filled.remove(blob)
    with pytest.raises(StorageError):
        AnswerBook(filled).get(digest(1))


def test_unknown_files_and_repeated_answers_are_refused(filled):
    filled.write("answers/000001.seg", filled.read("answers/000000.seg"))
    with pytest.raises(FormatError, match="answered here and in"):
        AnswerBook(filled)
    filled.remove("answers/000001.seg")
    filled.write("answers/notes.txt", b"")
    with pytest.raises(FormatError, match="notes"):
        AnswerBook(filled)


@pytest.mark.parametrize("name", ["", "x", "AB" * 32])
def test_names_that_are_no_digest_are_refused(filled, name):
    with pytest.raises(FormatError):
        AnswerBook(filled).get(name)

"""A witness cosigns what follows from what it saw, and nothing else: rolled back, forked, sealed twice, unsigned."""

import hashlib
import http.client
import socket
import threading
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from worldloom.provenance.cosignature import CosignerKey, cosigned
from worldloom.provenance.errors import FormatError, KeystoreError, StorageError, WitnessError
from worldloom.provenance.folder import origin
from worldloom.provenance.keys import Keystore, RunAuthority
from worldloom.provenance.merkle import EMPTY_ROOT, Tree, leaf_hash
from worldloom.provenance.note import Checkpoint, NoteKey, sign_note
from worldloom.provenance.tlog_proof import ConsistencyProof
from worldloom.provenance.witness import Seen, add_checkpoint, add_log, seal_line
from worldloom.provenance.witness_book import WitnessBook, witness_key
from worldloom.provenance.witness_client import ask, of_book, over_http
from worldloom.provenance.witness_server import MOST_BYTES, WitnessServer

RUN = "run-seen"
ORIGIN = origin(RUN)
TREE = Tree(leaf_hash(bytes([number])) for number in range(20))
OTHER = Tree(leaf_hash(bytes([number, 1])) for number in range(20))


def private(seed):
    return Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)


def log_key(seed=1):
    return NoteKey(ORIGIN, private(seed).public_key().public_bytes_raw(), private(seed).sign)


WITNESS = CosignerKey("w1.example", private(7).public_key().public_bytes_raw(), private(7).sign)
KNOWN = {ORIGIN: Seen((log_key().verifier,))}


def head(size, tree=TREE, key=None, extensions=()):
    root = tree.root(size) if isinstance(tree, Tree) else tree
    return sign_note(Checkpoint(ORIGIN, size, root, extensions).text(), [key or log_key()])


def request(old, size, tree=TREE, **options):
    path = tuple(tree.consistency_proof(old, size)) if old <= size else ()
    return ConsistencyProof(old, path, head(size, tree, **options)).encode()


def offered(*bodies, logs=KNOWN):
    """What a witness answers last to some requests, and the statuses of all."""
    logs, statuses = dict(logs), []
    for body in bodies:
        outcome = add_checkpoint(body, logs, WITNESS, lambda: 1_700_000_000)
        statuses.append(outcome.status)
        if outcome.seen is not None:
            logs[ORIGIN] = outcome.seen
    return outcome, statuses


def test_a_log_that_grows_is_cosigned_each_time():
    outcome, statuses = offered(request(0, 5), request(5, 12), request(12, 12), request(12, 20))
    assert statuses == [200] * 4
    assert cosigned(outcome.seen.note, [WITNESS.cosigner]) == [("w1.example", 1_700_000_000)]
    assert outcome.seen.checkpoint == Checkpoint(ORIGIN, 20, TREE.root(20))


@pytest.mark.parametrize(
    ("bodies", "status", "why"),
    [
        ([request(0, 12), request(0, 5)], 409, "12\n"),
        ([request(0, 12), request(5, 12)], 409, "12\n"),
        ([request(5, 12)], 409, "0\n"),
        ([request(0, 12), request(12, 20, OTHER)], 422, "FORK"),
        ([request(0, 12), request(12, 12, OTHER)], 422, "another root"),
        (
            [request(0, 12, extensions=(seal_line("a"),)), request(12, 12, extensions=(seal_line("b"),))],
            422,
            "sealed once",
        ),
        ([request(0, 12, extensions=(seal_line("a"),)), request(12, 12)], 422, "sealed once"),
        ([ConsistencyProof(0, (bytes(32),), head(5)).encode()], 422, "is empty"),
        ([ConsistencyProof(0, (), head(0, bytes(32))).encode()], 422, "empty log"),
        ([request(0, 5, key=log_key(2))], 403, "no key"),
        ([request(0, 5).replace(b"\n5\n", b"\n6\n")], 403, "no key"),
        ([b"old 0\n\n" + sign_note("worldloom.run/other\n1\n" + "A" * 43 + "=\n", [log_key()])], 404, "does not know"),
        ([request(12, 5)], 400, "older 12"),
        ([b""], 400, "proof"),
        ([b"old 0\r\n\r\n" + head(5)], 400, "carriage"),
        ([b"old -1\n\n" + head(5)], 400, "old -1"),
        ([request(0, 5) + b"\n"], 400, "note"),
        ([b"old 0\n" + b"A" * 300_000 + b"\n\n" + head(5)], 400, "32 bytes"),
    ],
)
def test_what_does_not_follow_is_refused_and_changes_nothing(bodies, status, why):
    outcome, statuses = offered(*bodies)
    assert statuses[:-1] == [200] * (len(bodies) - 1)
    assert (outcome.status, outcome.seen) == (status, None)
    assert why in outcome.answer


def test_the_empty_log_may_be_cosigned_and_grow():
    assert offered(ConsistencyProof(0, (), head(0, EMPTY_ROOT)).encode(), request(0, 5))[1] == [200, 200]


@pytest.fixture(scope="module")
def operator(tmp_path_factory):
    return Keystore.open(tmp_path_factory.mktemp("witnessed")).operator


def test_a_run_is_taken_up_by_its_conductor_certificate(operator):
    from datetime import UTC, datetime

    now = datetime.now(UTC)
    authority = RunAuthority(operator, RUN, 1)
    conductor, cohort = authority.issue("conductor"), authority.issue("cohort-1")
    anchors = [operator.certificate_pem]
    taken = add_log(conductor.chain_pem, {}, anchors, now)
    assert (taken.status, taken.seen.keys) == (200, (conductor.note_key(ORIGIN).verifier,))
    again = add_log(RunAuthority(operator, RUN, 2).issue("conductor").chain_pem, {ORIGIN: taken.seen}, anchors, now)
    assert len(again.seen.keys) == 2  # a resumed run has a fresh key
    assert add_log(conductor.chain_pem, {}, [], now).status == 403
    assert add_log(cohort.chain_pem, {}, anchors, now).status == 403
    assert add_log(conductor.certificate_pem, {}, anchors, now).status == 403
    assert add_log(b"nonsense", {}, anchors, now).status == 400
    assert add_log(conductor.chain_pem, {}, anchors, now.replace(year=now.year + 40)).status == 403


@pytest.fixture
def book(tmp_path, operator):
    return WitnessBook(tmp_path / "book.json", WITNESS, lambda: [operator.certificate_pem])


def test_the_book_remembers_over_processes(book, tmp_path):
    book.trust([log_key().verifier])
    assert book.add_checkpoint(request(0, 12)).ok
    again = WitnessBook(tmp_path / "book.json", WITNESS)
    assert again.add_checkpoint(request(0, 5)).status == 409
    assert again.add_checkpoint(request(12, 20)).ok
    assert book.logs()[ORIGIN].checkpoint.size == 20


def test_of_many_at_once_none_is_answered_for_less_than_another_was(book):
    """The race of C2SP tlog-witness: a smaller head may not be kept over a larger one."""
    book.trust([log_key().verifier])
    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(lambda size: book.add_checkpoint(request(0, size)), range(1, 21)))
    assert sum(outcome.ok for outcome in outcomes) == 1
    assert {outcome.status for outcome in outcomes} == {200, 409}


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b'{"logs":{"a":1},"type":"worldloom/witness/1"}', b"\xff" * 9])
def test_a_damaged_book_stops_the_witness(book, tmp_path, data):
    (tmp_path / "book.json").write_bytes(data)
    with pytest.raises(FormatError, match="restore it"):
        book.add_checkpoint(request(0, 5))


def test_a_book_that_cannot_be_kept_gives_no_cosignature(book, tmp_path, monkeypatch):
    book.trust([log_key().verifier])

    def full(*_):
        raise StorageError("no space")

    monkeypatch.setattr(book._storage, "write", full)
    with pytest.raises(StorageError):
        book.add_checkpoint(request(0, 5))


def test_the_key_is_made_once_and_kept_from_others(tmp_path):
    path = tmp_path / "w.key"
    made = witness_key(path, "w1.example")
    assert path.stat().st_mode & 0o777 == 0o600
    assert witness_key(path, "w1.example").public == made.public
    path.chmod(0o644)
    with pytest.raises(KeystoreError, match="chmod 600"):
        witness_key(path, "w1.example")
    path.chmod(0o600)
    path.write_bytes(b"nonsense")
    with pytest.raises(KeystoreError, match="PEM"):
        witness_key(path, "w1.example")
    for name in ("", "a b", "a+b", "ü.example", "x" * 300):
        with pytest.raises(FormatError):
            witness_key(path, name)


@pytest.fixture
def server(book):
    with WitnessServer(("127.0.0.1", 0), book) as found:
        thread = threading.Thread(target=found.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield found
        found.shutdown()
        thread.join()


def post(server):
    return over_http(server.url, time.monotonic() + 30)


def conductor(operator, run=RUN):
    key = RunAuthority(operator, run, 1).issue("conductor")
    return key, key.note_key(origin(run))


def test_a_run_asks_over_http_and_monitors_read_what_was_cosigned(server, operator):
    key, note_key = conductor(operator)
    first = ask(post(server), head(7, key=note_key), [key.chain_pem], TREE)
    assert [each.name for each in cosigned(first, [WITNESS.cosigner])] == ["w1.example"]
    grown = ask(post(server), head(20, key=note_key), [key.chain_pem], TREE)
    hashed = hashlib.sha256(ORIGIN.encode()).hexdigest()
    with urllib.request.urlopen(f"{server.url}/{hashed}/checkpoint", timeout=10) as answer:
        assert answer.read() == grown
    with pytest.raises(WitnessError, match="ROLLED BACK"):
        ask(post(server), head(7, key=note_key), [key.chain_pem], TREE)
    with pytest.raises(WitnessError, match="FORK"):
        ask(post(server), head(20, OTHER, key=note_key), [key.chain_pem], OTHER)


def test_a_stranger_is_told_why(server, tmp_path):
    stranger = Keystore.open(tmp_path / "other").operator
    key, note_key = conductor(stranger)
    with pytest.raises(WitnessError, match=r"does not take it up \(403\).*anchor"):
        ask(post(server), head(7, key=note_key), [key.chain_pem], TREE)
    with pytest.raises(WitnessError, match="refused"):
        ask(post(server), head(7, key=note_key), [], TREE)


def raw(server, data):
    with socket.create_connection(server.server_address[:2], timeout=10) as connection:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        return connection.makefile("rb").read()


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"POST /add-checkpoint HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", b"411"),
        (b"POST /add-checkpoint HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n", b"413"),
        (b"POST /add-checkpoint HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", b"411"),
        (b"POST /add-checkpoint HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 3\r\n\r\nabc", b"400"),
        (b"POST /add-checkpoint HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 9\r\n\r\nabc", b"400"),
        (b"POST /other HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", b"404"),
        (b"GET /../book.json HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", b"404"),
        (b"DELETE / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", b"501"),
        (b"\xff\xfe\r\n\r\n", b"400"),
    ],
)
def test_hostile_requests_are_answered_and_the_server_goes_on(server, data, status):
    assert status in raw(server, data).split(b"\r\n")[0]
    assert b" 404 " in raw(server, b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert MOST_BYTES < 99_999_999_999


def test_the_conflict_has_the_media_type_of_the_specification(server):
    server.book.trust([log_key().verifier])
    server.book.add_checkpoint(request(0, 12))
    connection = http.client.HTTPConnection(*server.server_address[:2], timeout=10)
    connection.request("POST", "/add-checkpoint", request(0, 5))
    answer = connection.getresponse()
    assert (answer.status, answer.getheader("Content-Type"), answer.read()) == (409, "text/x.tlog.size", b"12\n")
    connection.close()


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        ([(200, "")], "signed nothing|no cosignature"),
        ([(200, "— x !!\n")], "no cosignature"),
        ([(200, "hello")], "no cosignature"),
        ([(409, "many")], "where a size should stand"),
        ([(409, "5"), (409, "6"), (409, "7"), (409, "8"), (409, "9")], "one more proof each time"),
        ([(409, "99999999")], "ROLLED BACK"),
        ([(409, "9" * 4000)], "where a size should stand"),
        ([(302, "elsewhere")], r"refused \(302\)"),
        ([(500, "\x1b[2Jcleared")], r"refused \(500\): \[2Jcleared"),
        ([(404, "")], "refused|nothing"),
    ],
)
def test_a_hostile_witness_is_a_message(answers, why):
    told = iter(answers)
    with pytest.raises(WitnessError, match=why):
        ask(lambda *_: next(told), head(20), [], TREE)


def test_a_witness_that_does_not_answer_is_a_message_in_time():
    silent = socket.socket()
    silent.bind(("127.0.0.1", 0))
    silent.listen()
    began = time.monotonic()
    with silent, pytest.raises(WitnessError, match=r"cannot be reached|in time"):
        ask(over_http(f"http://127.0.0.1:{silent.getsockname()[1]}", began + 0.3), head(5), [], TREE)
    assert time.monotonic() - began < 10
    for url in ("file:///etc/passwd", "ftp://x/", "http://", "127.0.0.1:80"):
        with pytest.raises(WitnessError, match="no address"):
            over_http(url, began)


def test_a_taken_port_is_a_message(server, book):
    with pytest.raises(WitnessError, match="--serve"):
        WitnessServer(server.server_address[:2], book)


def test_a_book_on_this_machine_is_asked_as_one_over_http(book, operator):
    key, note_key = conductor(operator)
    signed = ask(of_book(book), head(7, key=note_key), [key.chain_pem], TREE)
    assert cosigned(signed, [WITNESS.cosigner])
    assert cosigned(signed, [replace(WITNESS.cosigner, name="other")]) == []

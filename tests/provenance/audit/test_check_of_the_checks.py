"""The check of the checks: for each named step a forged run that only this step catches.

The forger holds every key of the run and seals again, so that all other steps are satisfied.
"""

import dataclasses
import json
import zlib
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from worldloom.provenance import certificates as certificates_module
from worldloom.provenance.audit.amendments import Amendment
from worldloom.provenance.audit.demands import Demands
from worldloom.provenance.audit.steps import STEPS, UNFORESEEN
from worldloom.provenance.bounds import Bounds
from worldloom.provenance.canonical import canonical
from worldloom.provenance.digests import file_digest
from worldloom.provenance.folder import REPORT, artifact_path, blob_path, certificate_path, sidecar
from worldloom.provenance.keys import RunAuthority
from worldloom.provenance.making import Making
from worldloom.provenance.note import Checkpoint, NoteKey, sign_note
from worldloom.provenance.reading import read_credential
from worldloom.provenance.recipe import Identity
from worldloom.provenance.revealed import RevealedPrompt
from worldloom.provenance.revocations import Revocation, Revocations
from worldloom.provenance.segments import decode_segment, encode_segment, make_item
from worldloom.provenance.trust import run_certificates
from worldloom.provenance.withdrawing import PromptRemover

PACKER = Identity("worldloom", "bundle-1", source_type="compositeSynthetic")


def foreign_key(name):
    private = Ed25519PrivateKey.generate()
    return NoteKey(name, private.public_key().public_bytes_raw(), private.sign)


def signed_note_by_nobody(data, made):
    """The same text under the signature of a key that nothing certifies."""
    text = data.decode().rpartition("\n\n")[0] + "\n"
    return sign_note(text, [foreign_key(made.origin)])


def set_field(name, value):
    return lambda body: {**body, name: value}


# One function a step: (forged run, path that the finding names, further arguments of the audit).


def run_file(forged, **_):
    return forged().change("run.json", lambda data: data + b"\n"), "run.json"


def names(forged, **_):
    made = forged()
    made.storage.write("notes.txt", b"added, and sealed")
    made.seal()
    return made, "notes.txt"


def sizes(forged, **_):
    made = forged()
    size, path = max((made.storage.size(path), path) for path in made.storage.files())
    return made, path, {"demands": Demands(bounds=Bounds(largest=size - 1))}


def sealed(forged, **_):
    made = forged()
    made.storage.remove("SEAL")
    return made, "SEAL"


def seal(forged, **_):
    made = forged()
    made.storage.write("SEAL", signed_note_by_nobody(made.storage.read("SEAL"), made))
    return made, "SEAL"


def sealed_files(forged, **_):
    """Another page, signed well by the same key after the seal; no entry names the report's."""
    made = forged()
    reporter = Identity("worldloom", "report-1", source_type="dataDrivenMedia")
    page = Making("Report", "text/html", "report", "world", reporter, origin=made.origin)
    made.file(REPORT, b"<!doctype html><title>another village</title>\n", page)
    return made, REPORT


def trust_folder(forged, operator, **_):
    made = forged()
    other = RunAuthority(operator, "run-other", 9)
    made.storage.write(certificate_path("ca", 9), other.certificate_pem)
    made.storage.write(certificate_path("conductor", 9), other.issue("conductor").certificate_pem)
    made.seal()
    return made, "trust/conductor-9.pem"


def trust(forged, stranger, **_):
    return forged(), "trust/conductor-1.pem", {"anchors": [stranger.certificate_pem]}


def checkpoint(forged, **_):
    made = forged()
    return made.change("log/checkpoint", lambda data: signed_note_by_nobody(data, made)), "log/checkpoint"


def entries(forged, **_):
    made = forged()
    path = "log/tile/entries/000.p/18"
    return made.change(path, lambda data: data[:3] + b"\x09" + data[4:]), path


def log_root(forged, **_):
    made = forged()
    head = Checkpoint(made.origin, made.log.size, bytes(32))
    note = sign_note(head.text(), [made.key.note_key(made.origin)])
    return made.change("log/checkpoint", lambda _: note), "log/checkpoint"


def hash_tiles(forged, **_):
    path = "log/tile/0/000.p/18"
    return forged().change(path, lambda data: bytes(32) + data[32:]), path


def content_root(forged, **_):
    return forged({"seal": lambda value: dataclasses.replace(value, content_root="ab" * 32)}), "SEAL"


def expected_root(forged, **_):
    return forged(), "", {"expect_root": "ab" * 32}


def bodies(forged, **_):
    def other_bytes(data):
        first, *rest = decode_segment(data)
        said = json.loads(first.data) | {"wall": "another time"}
        return encode_segment([make_item(first.type, first.digest, canonical(said)), *rest])

    return forged().change("bodies/000000000000.seg", other_bytes), "bodies/000000000000.seg"


def shapes(forged, **_):
    made = forged({"end": lambda body: {"type": "end", "counts": body["counts"]}})
    return made, "bodies/000000000016.seg"


def kinds(forged, **_):
    def plugin(made):
        made.log.append(0x8001, 21600, None, {"type": "weather"})

    return forged({"after genesis": plugin}), "run.json"


def order(forged, **_):
    late = {"id": "decision-21660-0-9", "round": 9}
    return forged({"decision 0 60 1": lambda body: {**body, **late}}), "bodies/000000000012.seg"


def past(forged, **_):
    root = "ab" * 32
    facts = {"run": "run-parent", "origin": "worldloom.run/run-parent", "time": 21660, "log_size": 9, "log_root": root}
    parent = {**facts, "content_count": 4, "content_root": root, "scenario": {"type": "scenario"}}
    return forged({"scenario": set_field("parent", parent)}), "bodies/000000000005.seg"


def counts(forged, **_):
    return forged({"seal": lambda value: dataclasses.replace(value, counts={"artifacts": 3})}), "SEAL"


def certificates(forged, **_):
    return forged({"evidence certificate ca": set_field("sha256", "ab" * 32)}), "trust/ca-1.pem"


def answers(forged, **_):
    return forged({"answer of decision 1 0 0": set_field("text", "something else")}), "answers/000000.seg"


def blobs(forged, **_):
    made = forged()
    path = blob_path(file_digest(made.picture.payload).hex())
    made.storage.remove(path)
    made.seal()
    return made, path


def scenario(forged, **_):
    return forged({"scenario.json": set_field("seed", 8)}), "scenario.json"


def snapshots(forged, **_):
    path = "snapshots/t=0021600/world.json"
    return forged({f"file {path}": lambda data: data + b" "}), path


def evidence(forged, **_):
    made = forged({"evidence picture": set_field("file", "ab" * 32)})
    return made, artifact_path(made.picture.digest, "png")


def orphans(forged, **_):
    made = forged()
    path = sidecar(artifact_path(made.picture.digest, "png"))
    made.storage.write(path, made.storage.read("report.html.c2pa"))
    made.seal()
    return made, path


def payloads(forged, **_):
    made = forged({"payload picture": lambda data: data[:-12] + text_chunk() + data[-12:]})
    return made, artifact_path(made.picture.digest, "png")


def text_chunk():
    body = b"tEXtComment\0another picture"
    return (len(body) - 4).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")


def credentials(forged, **_):
    def tampered(signed):
        return dataclasses.replace(signed, data=signed.data.replace(b"2.0", b"2.1"))

    return forged({"signed world/world.glb": tampered}), "world/world.glb"


def claims(forged, **_):
    made = forged({"making letter": lambda making: dataclasses.replace(making, on_behalf="agent-0")})
    return made, artifact_path(made.letter.digest, "txt")


def signers(forged, operator, **_):
    key = RunAuthority(operator, "run-village", 2).issue("conductor")
    return forged({"signer": lambda _: key}), "scenario.py"


def ingredients(forged, with_a_bad_ingredient, **_):
    twists = {"making world/world.glb": with_a_bad_ingredient.remember}
    twists["signed world/world.glb"] = with_a_bad_ingredient
    return forged(twists), "world/world.glb"


def parents(forged, **_):
    def unknown(body):
        return {**body, "parents": [*body["parents"], "ab" * 32]}

    return forged({"decision 1 60 0": unknown}), "bodies/000000000012.seg"


def makers(forged, **_):
    return forged({"decision 1 60 0": set_field("generator", "oracle")}), "bodies/000000000012.seg"


def references(forged, **_):
    memory = [{"id": "memory-1-0", "source": "event-21600-0-7"}]
    return forged({"decision 1 60 0": set_field("memories", memory)}), "bodies/000000000012.seg"


def amendments(forged, stranger, **_):
    made = forged()
    note = Amendment(made.origin, "to hide something", files=(("ab" * 32, "world/map.png"),))
    made.storage.write("amendments/1", sign_note(note.text(), [stranger.note_key("worldloom.operator")]))
    return made, "amendments/1"


def erased_and_there(made, operator):
    """Let the operator say that a body was erased which is there."""
    (first, *_) = decode_segment(made.storage.read("bodies/000000000012.seg"))
    said = Amendment(made.origin, "a wish", items=((first.digest.hex(), "bodies/000000000012.seg"),))
    made.storage.write("amendments/000001", sign_note(said.text(), [operator.note_key("worldloom.operator")]))


def amended(forged, operator, **_):
    made = forged()
    erased_and_there(made, operator)
    return made, "bodies/000000000012.seg"


def kept(forged, **_):
    made = forged()
    made.storage.write("amendments/000001.answers", encode_segment([]))
    return made, "amendments/000001.answers"


def redact_picture(made, operator, redactor, label):
    """Take an assertion out of the picture's credential; returns its path. The operator's amendment says so."""
    path = artifact_path(made.picture.digest, "png")
    old = made.storage.read(path)
    remover = PromptRemover(redactor, [operator.certificate_pem, made.authority.certificate_pem])
    credential = read_credential(old, "image/png", None)
    uri = f"self#jumbf=/c2pa/{credential.manifest}/c2pa.assertions/{label}"
    new = remover._sign(old, "image/png", None, [uri], "The picture").data
    made.storage.write(path, new)
    said = Amendment(made.origin, "a wish", redacted=((file_digest(old).hex(), file_digest(new).hex(), path),))
    made.storage.write("amendments/000001", sign_note(said.text(), [operator.note_key("worldloom.operator")]))
    return path


def redactions(forged, operator, **_):
    made = forged()
    redactor = RunAuthority(operator, made.run_id, 0).issue("redactor")
    return made, redact_picture(made, operator, redactor, "cawg.training-mining")


def redactors(forged, operator, stranger, **_):
    made = forged()
    redactor = RunAuthority(stranger, made.run_id, 0).issue("redactor")
    return made, redact_picture(made, operator, redactor, "c2pa.embedded-data")


def revealed(forged, **_):
    made = forged()
    shown = RevealedPrompt(made.origin, bytes(32), "a picture", {"prompt": ""})
    shown = dataclasses.replace(shown, request={"prompt": "", "veil": shown.digest})
    return made, "shown.json", {"demands": Demands(revealed=(("shown.json", shown),))}


def revoked(forged, operator, **_):
    made = forged()
    (leaf,) = [each for each in run_certificates(made.storage) if each.role == "conductor"]
    certificate = certificates_module.load_certificates(leaf.pem, "leaf")[0]
    fingerprint = certificates_module.fingerprint(certificate)
    known = Revocation(leaf.serial, fingerprint, datetime.now(UTC), "keyCompromise")
    demands = Demands(revocations=Revocations({fingerprint: (known, operator.certificate_pem)}))
    return made, leaf.path, {"demands": demands}


def stamp(forged, **_):
    return forged(), "*.tsr", {"stamp": b"garbage"}


def profile(forged, **_):
    # The exporters of the small run name no licence of what they make.
    return forged(), "scenario.py", {"demands": Demands(strict=True)}


CASES = {
    "run-file": run_file,
    "names": names,
    "sizes": sizes,
    "sealed": sealed,
    "seal": seal,
    "sealed-files": sealed_files,
    "trust-folder": trust_folder,
    "trust": trust,
    "revoked": revoked,
    "stamp": stamp,
    "checkpoint": checkpoint,
    "entries": entries,
    "log-root": log_root,
    "hash-tiles": hash_tiles,
    "content-root": content_root,
    "expected-root": expected_root,
    "bodies": bodies,
    "shapes": shapes,
    "kinds": kinds,
    "order": order,
    "past": past,
    "counts": counts,
    "certificates": certificates,
    "answers": answers,
    "blobs": blobs,
    "scenario": scenario,
    "snapshots": snapshots,
    "evidence": evidence,
    "orphans": orphans,
    "payloads": payloads,
    "credentials": credentials,
    "claims": claims,
    "profile": profile,
    "signers": signers,
    "ingredients": ingredients,
    "parents": parents,
    "makers": makers,
    "references": references,
    "amendments": amendments,
    "amended": amended,
    "kept": kept,
    "redactions": redactions,
    "redactors": redactors,
    "revealed": revealed,
}


@pytest.fixture
def context(forged, operator, stranger, with_a_bad_ingredient):
    return {
        "forged": forged,
        "operator": operator,
        "stranger": stranger,
        "with_a_bad_ingredient": with_a_bad_ingredient,
    }


def test_the_unforged_run_satisfies_every_step(forged):
    assert forged().judge().findings == ()


@pytest.mark.parametrize("name", CASES)
def test_only_this_step_catches_its_case(name, context):
    made, path, *more = CASES[name](**context)
    options = more[0] if more else {}
    result = made.judge(**options)
    assert {finding.step for finding in result.faults} == {name}
    assert path in {finding.path for finding in result.faults}
    assert not any(finding.message.startswith(UNFORESEEN) for finding in result.findings)
    assert not result.ok
    assert made.judge(without=name, **options).ok


def test_every_step_has_its_case():
    assert list(CASES) == [step.name for step in STEPS]

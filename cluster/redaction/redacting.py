"""Redacts a sealed run: chooses, signs, erases, packs anew, all under the run's lock. Prints nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from worldloom.cluster.closing.close import is_packed, pack_again
from worldloom.cluster.errors import RunFolderError
from worldloom.cluster.finished import FinishedRun
from worldloom.cluster.run_place import RunPlace
from worldloom.provenance import certificates
from worldloom.provenance.amendment import one_reason
from worldloom.provenance.erasing import Erasure, erase, finish
from worldloom.provenance.errors import RedactionError
from worldloom.provenance.folder import AMENDMENTS, REPORT, RUN_JSON, SEAL, sidecar
from worldloom.provenance.keys import Keystore, RunAuthority, SigningKey
from worldloom.provenance.lock import RunLock
from worldloom.provenance.making import Making
from worldloom.provenance.media import embeds
from worldloom.provenance.note import NoteKey
from worldloom.provenance.recipe import Identity
from worldloom.provenance.signing import CredentialSigner
from worldloom.provenance.storage import LocalDisk, Storage
from worldloom.provenance.trust import AUTHORITY, chain_faults, read_trust
from worldloom.provenance.withdrawing import PromptRemover
from worldloom.provenance.zip_disk import ZipDisk

from .choosing import Choice, Chooser, report_paths
from .page import redacted_page

OPERATOR_NOTE = "worldloom.operator"
"""Name of the operator's key on notes."""

REPORTER = Identity(
    backend="worldloom", model="redaction-1", output_licence="Apache-2.0", source_type="dataDrivenMedia"
)
"""Who wrote a report's page anew."""


@dataclass(frozen=True, slots=True)
class RedactOptions:
    """What `worldloom redact` was asked: names, people (ids or parts of names), all prompts; bodies and files as well
    (`whole`); `reason` goes into the amendment. `dry`: only say what would go.
    """

    names: tuple[str, ...] = ()
    agents: tuple[str, ...] = ()
    prompts: bool = False
    whole: bool = False
    reason: str = ""
    dry: bool = False
    home: Path | None = None


@dataclass(frozen=True, slots=True)
class RedactResult:
    """What went, or would: recorded requests and answers, bodies, credentials and files; `amendment` where it stands.

    `finished` says that an earlier, interrupted redaction was finished; `packed` that the zip was made anew.
    """

    run: Path
    requests: int = 0
    answers: int = 0
    bodies: int = 0
    credentials: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    report: str = ""
    amendment: str = ""
    finished: bool = False
    packed: bool = False
    dry: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return what `--json` prints."""
        return {
            "run": str(self.run),
            "requests": self.requests,
            "answers": self.answers,
            "bodies": self.bodies,
            "credentials": list(self.credentials),
            "files": list(self.files),
            "report": self.report,
            "amendment": self.amendment,
            "finished": self.finished,
            "packed": self.packed,
            "dry_run": self.dry,
        }


def redact(folder: Path, options: RedactOptions) -> RedactResult:
    """Erase and redact in a sealed run, and pack its zip anew where it had one.

    Finishes an interrupted redaction first. Raises RedactionError for what cannot be erased, RunFolderError for what is
    no sealed run, LockedError while somebody writes it.
    """
    if not (folder / RUN_JSON).is_file():
        raise RunFolderError(f"{folder}: is no run folder; name the one that holds {RUN_JSON}")
    if not (folder / SEAL).is_file():
        raise RunFolderError(f"{folder}: is not sealed, so there is nothing to amend; `worldloom resume` it first")
    if not options.dry and (options.names or options.agents or options.prompts):
        one_reason(options.reason)
    keystore = Keystore.open(options.home)
    real = folder.resolve()
    place = RunPlace(Storage(LocalDisk(real)), Storage(LocalDisk(real.parent)), real.name)
    with RunLock(real):
        return redact_place(place, options, keystore)


def redact_place(place: RunPlace, options: RedactOptions, keystore: Keystore) -> RedactResult:
    """As `redact`, by who holds the lock."""
    key = keystore.operator.note_key(OPERATOR_NOTE)
    _check_operator(place, keystore)
    had_zip = place.beside.exists(f"{place.name}.zip")
    finished = not options.dry and finish(place.storage, key)
    run = FinishedRun.of(Path(place.name), place.storage)
    choice = _chosen(run, options)
    result = _told(run, choice, options, finished=finished)
    if options.dry:
        return result
    amendment = ""
    if not choice.nothing:
        amendment = _apply(run, choice, options.reason, keystore, key)
    packed = had_zip and _pack(place, keystore)
    return replace(result, amendment=amendment, packed=packed)


def _chosen(run: FinishedRun, options: RedactOptions) -> Choice:
    chooser = Chooser(run)
    if options.prompts:
        chooser.all_prompts()
    for who in options.agents:
        chooser.prompts_of(who)
    for name in options.names:
        chooser.named(name, whole=options.whole)
    return chooser.choice


def _apply(run: FinishedRun, choice: Choice, why: str, keystore: Keystore, note_key: NoteKey) -> str:
    key = RunAuthority(keystore.operator, run.run_id, 0).issue("redactor")
    try:
        rewritten = _without_prompts(run, choice, key, keystore)
        files = set(choice.files)
        if choice.report:
            files |= set(report_paths(run))
        else:
            rewritten |= _report(run, choice, rewritten, key)
        erasure = Erasure(tuple(choice.items), frozenset(choice.bare), tuple(sorted(files)), rewritten)
        return erase(run.storage, erasure, why, datetime.now(UTC), note_key)
    finally:
        key.destroy()


def _without_prompts(run: FinishedRun, choice: Choice, key: SigningKey, keystore: Keystore) -> dict[str, bytes]:
    """Return the new bytes of files or sidecars whose credential loses a prompt, by path."""
    remover = PromptRemover(key, [*keystore.anchors(), *read_trust(run.storage).authorities])
    changed = {}
    for thing in choice.made.values():
        inside = embeds(thing.media_type)
        beside = None if inside else run.storage.read(sidecar(thing.path))
        data = run.storage.read(thing.path)
        signed = remover.remove(data, thing.media_type, beside, str(thing.body["title"])) if data else None
        if signed is not None and inside:
            changed[thing.path] = signed.data
        elif signed is not None and signed.sidecar is not None:
            changed[sidecar(thing.path)] = signed.sidecar
    return changed


def _report(run: FinishedRun, choice: Choice, rewritten: Mapping[str, bytes], key: SigningKey) -> dict[str, bytes]:
    """Return the report's page and sidecar without the prompts, if it showed any."""
    if not run.storage.exists(REPORT):
        return {}
    replaced = {run.storage.read(path): data for path, data in rewritten.items() if not path.endswith(".c2pa")}
    page = run.storage.read(REPORT)
    new = redacted_page(page, choice.prompts, replaced)
    if new == page:
        return {}
    making = Making("Report of the run, redacted", "text/html", "report", "operator", REPORTER, origin=run.origin)
    signed = CredentialSigner(key).sign(new, making)
    return {REPORT: signed.data} | ({sidecar(REPORT): signed.sidecar} if signed.sidecar is not None else {})


def _check_operator(place: RunPlace, keystore: Keystore) -> None:
    """Refuse a run of somebody else: their key alone can say what was erased, so that an audit believes it."""
    at, trust = datetime.now(UTC), read_trust(place.storage)
    anchor = [keystore.operator.certificate_pem]
    signers = [each for each in trust.certificates if each.role not in (AUTHORITY, "operator")]
    if not any(not chain_faults(each.chain_pem, anchor, at) for each in signers):
        who = certificates.organisation(keystore.operator.root)
        raise RedactionError(
            f"{place.name}: was not made by {who!r}, whose keystore this is; only its operator redacts it"
        )


def _pack(place: RunPlace, keystore: Keystore) -> bool:
    """Pack the zip anew where it does not hold the folder as it is now; returns whether it did."""
    zip_name = f"{place.name}.zip"
    if is_packed(place) and _holds(place, zip_name):
        return False
    pack_again(place, keystore)
    return True


def _holds(place: RunPlace, zip_name: str) -> bool:
    """Whether the zip has the amendments of the folder, and so what they left."""
    packed = ZipDisk(place.beside.read(zip_name))
    return all(packed.exists(path) for path in place.storage.files(AMENDMENTS))


def _told(run: FinishedRun, choice: Choice, options: RedactOptions, *, finished: bool) -> RedactResult:
    answers = sum(path.startswith("answers/") for _, path in choice.items)
    bodies = sum(path.startswith("bodies/") for _, path in choice.items)
    report = ""
    if choice.report and report_paths(run):
        report = "erased"
    elif run.storage.exists(REPORT) and (choice.made or choice.prompts):
        report = "written anew"
    return RedactResult(
        run=run.folder,
        requests=len(choice.bare),
        answers=answers - len(choice.bare),
        bodies=bodies,
        credentials=tuple(sorted(choice.made)),
        files=tuple(sorted(choice.files)),
        report=report,
        finished=finished,
        dry=options.dry,
    )

"""The closing order of a run: exports, end, audit, report, SEAL, zip, zip.seal, keys gone. SEAL is the commit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from worldloom.cluster.conducting import Conducting
from worldloom.cluster.errors import RunFolderError
from worldloom.cluster.ledger import Ledger
from worldloom.cluster.options import Progress
from worldloom.cluster.run_place import RunPlace
from worldloom.cluster.run_writer import RunWriter
from worldloom.cluster.snapshots import keep_last
from worldloom.provenance.audit import audit_unsealed
from worldloom.provenance.bundle import pack, zip_seal
from worldloom.provenance.entry import EntryKind
from worldloom.provenance.folder import REPORT, origin, read_run, sidecar
from worldloom.provenance.keys import Keystore, RunAuthority, SigningKey
from worldloom.provenance.making import Making
from worldloom.provenance.recipe import Identity
from worldloom.provenance.seal import make_seal, write_seal
from worldloom.provenance.signing import CredentialSigner, SignedFile

from .components import page_as_parts
from .exports import write_exports
from .report import write_report
from .summary import RunSummary

Sign = Callable[[bytes, Making], SignedFile]

_REPORTER = Identity(backend="worldloom", model="report-1", output_licence="Apache-2.0", source_type="dataDrivenMedia")
_PACKER = Identity(backend="worldloom", model="bundle-1", output_licence="Apache-2.0", source_type="compositeSynthetic")


def end_run(writer: RunWriter, conductor: Conducting, ledger: Ledger, measures: dict[str, int]) -> None:
    """Write the exports and the `end` entry, and commit: after this the run's content is complete."""
    write_exports(writer, conductor, ledger)
    ledger.record(EntryKind.END, conductor.world.time, conductor.end_body(measures))
    writer.commit()


def seal_run(writer: RunWriter, summary: Callable[[], RunSummary], progress: Progress) -> None:
    """Audit all but the seal, write the report, then SEAL. Raises RunFolderError when the audit finds faults."""
    storage, parts = writer.storage, writer.parts
    _clear_report(writer)
    progress.phase("audit")
    with parts.part("audit"):
        result = audit_unsealed(storage, writer.keystore.anchors(), datetime.now(UTC))
    if result.findings:
        first = result.findings[0]
        raise RunFolderError(
            f"the run is complete but its own audit finds {len(result.findings)} faults, so it is not sealed; the "
            f"first: {first.path}: {first.message} ({first.code}). See `worldloom audit`"
        )
    progress.phase("report")
    with parts.part("report"):
        told = summary()
        page = write_report(storage, result, told)
    held = page_as_parts(storage, page)
    making = Making("Report of the run", "text/html", "report", "world", _REPORTER, origin=writer.origin, parts=held)
    writer.publisher.publish_at(REPORT, page, making)
    progress.phase("seal")
    with parts.part("seal"):
        writer.log.tidy()
        keep_last(storage, 1)
        storage.clear_parts()
        checkpoint = writer.log.checkpoint
        if checkpoint is None:
            raise RunFolderError("a run without a log checkpoint cannot be sealed")
        seal = make_seal(storage, writer.origin, checkpoint, writer.log.content_root(), told.counts())
        write_seal(storage, seal, writer.key.note_key(writer.origin))


def _clear_report(writer: RunWriter) -> None:
    """Remove a report, or its sidecar alone, that an interrupted close left: the report tells of an audit before it."""
    for path in (REPORT, sidecar(REPORT)):
        if writer.storage.exists(path):
            writer.storage.remove(path)


def pack_run(place: RunPlace, sign: Sign, key: SigningKey, log_origin: str) -> None:
    """Write `<name>.zip` and `<name>.zip.seal` beside the sealed folder, then destroy the key."""
    making = Making("The sealed run", "application/zip", "bundle", "operator", _PACKER, origin=log_origin)
    packed = pack(place.storage, sign, making)
    place.beside.write(f"{place.name}.zip", packed)
    place.beside.write(f"{place.name}.zip.seal", zip_seal(packed, key.note_key(log_origin)))
    key.destroy()


def is_packed(place: RunPlace) -> bool:
    """Whether the zip and its seal stand beside the folder."""
    return place.beside.exists(f"{place.name}.zip") and place.beside.exists(f"{place.name}.zip.seal")


def pack_again(place: RunPlace, keystore: Keystore) -> None:
    """Pack a sealed run with a new key; its certificate travels in the zip's credential, since the folder is closed."""
    run_file = read_run(place.storage)
    key = RunAuthority(keystore.operator, run_file.run_id, 0).issue("packer")
    pack_run(place, CredentialSigner(key).sign, key, origin(run_file.run_id))

"""The audit of a path, whatever it is: a run, its zip, a bundle, a file, a folder of media. Opens nothing itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from worldloom.provenance.cosignature import Cosigner
from worldloom.provenance.storage import Storage

from .demands import NOTHING_MORE, Demands
from .findings import AuditResult
from .given import Given
from .judge import Told, check_anchors
from .media_folder import judge_media_folder
from .one_file import judge_file
from .run_on_disk import is_run_folder, judge_run_folder, judge_zip


def audit(
    path: Path,
    *,
    anchors: Sequence[bytes],
    at: datetime | None = None,
    expect_root: str | None = None,
    trainings: Sequence[Storage] = (),
    witnesses: Sequence[Cosigner] = (),
    demands: Demands = NOTHING_MORE,
    told: Told | None = None,
    jobs: int = 1,
) -> AuditResult:
    """Judge a run folder, a run's zip, the bundle of one file, a file with its credential, or a folder of such files.

    `anchors` are PEM certificates that are trusted, `at` the aware time at which chains are judged (now, unless
    given), `expect_root` the hex content root that a run must have, `trainings` logs of trainings that its models
    should lead into, `witnesses` those that must have cosigned a run's head, `demands` the rest that an auditor brings:
    strictness, revocations, anchors for timestamps, bounds; `told` is called as each check of a run begins and as each
    file of a folder was judged; `jobs` processes look at files, with the same findings in the same order.

    Bad evidence is the result; raises KeystoreError for an anchor that is no certificate and StorageError for a path
    that cannot be opened at all.
    """
    check_anchors((*anchors, *demands.stamp_anchors))
    when = datetime.now(UTC) if at is None else at
    given = Given(tuple(anchors), when, expect_root, tuple(trainings), tuple(witnesses), demands, jobs)
    path = Path(path)
    if path.is_dir():
        judge = judge_run_folder if is_run_folder(path) else judge_media_folder
        return judge(path, given, told)
    packed = judge_zip(path, given, told) if path.suffix == ".zip" else None
    return judge_file(path, given) if packed is None else packed

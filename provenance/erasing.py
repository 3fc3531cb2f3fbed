"""Erases and redacts in a sealed run folder, so that being killed at any write loses nothing. What goes, others choose.

In this order: what is to take another's place, and the answers that stay without their prompts, are written beside the
amendments; then the amendment, signed, which is the commit; then what it names goes. An amendment says all that is left
to do, so `finish` can do it after a crash; what no amendment names yet counts for nothing and is removed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count

from .amendment import (
    KEPT,
    STAGED,
    Amendment,
    amendment_path,
    is_note,
    kept_path,
    one_reason,
    staged_path,
    time_text,
)
from .canonical import canonical, parse_canonical
from .digests import file_digest
from .errors import FormatError, RedactionError
from .folder import AMENDMENTS, SEAL, origin, read_run
from .note import NoteKey, NoteVerifier, open_note_keys, sign_note
from .segments import Item, ItemType, decode_segment, encode_segment, make_item
from .storage import Storage


@dataclass(frozen=True)
class Erasure:
    """What is to go: items of segments (hex digest, path), of which `bare` requests keep their answers, and files.

    `rewritten` are the new bytes of files that stay, by path.
    """

    items: tuple[tuple[str, str], ...] = ()
    bare: frozenset[str] = frozenset()
    files: tuple[str, ...] = ()
    rewritten: Mapping[str, bytes] | None = None

    @property
    def nothing(self) -> bool:
        """Whether there is nothing to do."""
        return not (self.items or self.files or self.rewritten)


def erase(storage: Storage, erasure: Erasure, why: str, when: datetime, key: NoteKey) -> str:
    """Write the amendment and do as it says; returns the amendment's path.

    `why` is told to every auditor, `when` an aware time, `key` the operator's. The caller holds the run's lock. Raises
    RedactionError for an unsealed run, FormatError for no reason, StorageError when the disk refuses: then `finish`
    goes on.
    """
    reason = one_reason(why)
    finish(storage, key)
    notes = [path for path in storage.files(AMENDMENTS) if is_note(path)]
    before = notes[-1] if notes else SEAL
    number = next(each for each in count(len(notes) + 1) if not storage.exists(amendment_path(each)))
    kept = _keep(storage, erasure, kept_path(number))
    rewritten = erasure.rewritten or {}
    for data in rewritten.values():
        storage.write(staged_path(data), data)
    amendment = Amendment(
        origin=origin(read_run(storage).run_id),
        why=reason,
        items=tuple(sorted(set(erasure.items), key=lambda each: (each[1], each[0]))),
        files=tuple(sorted(((_digest(storage, path), path) for path in erasure.files), key=lambda each: each[1])),
        redacted=tuple(
            (_digest(storage, path), file_digest(rewritten[path]).hex(), path) for path in sorted(rewritten)
        ),
        after=_digest(storage, before),
        at=time_text(when),
        kept=((_digest(storage, kept), kept),) if kept else (),
    )
    storage.write(amendment_path(number), sign_note(Amendment.parse(amendment.text()).text(), [key]))
    _carry_out(storage, amendment)
    return amendment_path(number)


def finish(storage: Storage, key: NoteKey) -> bool:
    """Finish what an interrupted redaction left; returns whether there was anything. Safe to call at any time.

    Raises RedactionError for an unsealed run, and for amendments that the key did not sign.
    """
    if not storage.exists(SEAL):
        raise RedactionError(f"{SEAL}: missing; only a sealed run is redacted, so `worldloom resume` it first")
    left = bool(storage.clear_parts())
    amendments = read_own(storage, key)
    for amendment in amendments:
        left |= _carry_out(storage, amendment)
    named = {path for amendment in amendments for _, path in amendment.kept}
    for path in storage.files(AMENDMENTS):
        if path.endswith(STAGED) or (path.endswith(KEPT) and path not in named):
            storage.remove(path)
            left = True
    return left


def read_own(storage: Storage, key: NoteKey) -> list[Amendment]:
    """Return the amendments of a run, oldest first; raises RedactionError for one that the key did not sign."""
    verifier = NoteVerifier(key.name, key.public)
    found = []
    for path in storage.files(AMENDMENTS):
        if not is_note(path):
            continue
        try:
            text, signed_by = open_note_keys(storage.read(path), [verifier])
            amendment = Amendment.parse(text)
        except FormatError as error:
            raise RedactionError(f"{path}: {error}; see `worldloom audit`") from error
        if not signed_by:
            raise RedactionError(f"{path}: another operator signed this amendment; only that one can redact the run")
        found.append(amendment)
    return found


def _digest(storage: Storage, path: str) -> str:
    return file_digest(storage.read(path)).hex()


def _keep(storage: Storage, erasure: Erasure, path: str) -> str:
    """Write the answers that stay without their prompts; returns where, `""` for none."""
    kept: list[Item] = []
    for segment in sorted({where for _, where in erasure.items}):
        named = {digest for digest, where in erasure.items if where == segment} & erasure.bare
        if named:
            kept += [_bare(item) for item in _items(storage, segment) if item.digest.hex() in named and item.data]
    if not kept:
        return ""
    storage.write(path, encode_segment(kept))
    return path


def _bare(item: Item) -> Item:
    value = parse_canonical(item.data or b"")
    request = {name: each for name, each in value["request"].items() if name not in PROMPTED}
    return make_item(ItemType.BARE_ANSWER, item.digest, canonical({"request": request, "answer": value["answer"]}))


PROMPTED = ("prompt", "parameters")
"""Fields of a request that may hold a prompt's words."""


def _items(storage: Storage, path: str) -> list[Item]:
    try:
        return decode_segment(storage.read(path))
    except FormatError as error:
        raise RedactionError(f"{path}: {error}; see `worldloom audit`") from error


def _carry_out(storage: Storage, amendment: Amendment) -> bool:
    """Do what an amendment says and is not done yet; returns whether anything was."""
    done = _erase_items(storage, amendment.items)
    for digest, path in amendment.files:
        if storage.exists(path) and _digest(storage, path) == digest:
            storage.remove(path)
            done = True
    return _replace(storage, amendment.redacted) or done


def _erase_items(storage: Storage, items: Iterable[tuple[str, str]]) -> bool:
    by_path: dict[str, set[str]] = {}
    for digest, path in items:
        by_path.setdefault(path, set()).add(digest)
    done = False
    for path, digests in by_path.items():
        before = _items(storage, path)
        after = [item.erased() if item.digest.hex() in digests else item for item in before]
        if after != before:
            storage.write(path, encode_segment(after))
            done = True
    return done


def _replace(storage: Storage, redacted: Sequence[tuple[str, str, str]]) -> bool:
    done = False
    for old, new, path in redacted:
        waiting = f"{AMENDMENTS}{new}{STAGED}"
        if storage.exists(path) and _digest(storage, path) == old:
            if not storage.exists(waiting):
                raise RedactionError(f"{path}: was to be redacted, and {waiting} is missing; restore it from a copy")
            storage.write(path, storage.read(waiting))
            done = True
    for _, new, _ in redacted:
        waiting = f"{AMENDMENTS}{new}{STAGED}"
        if storage.exists(waiting):
            storage.remove(waiting)
            done = True
    return done

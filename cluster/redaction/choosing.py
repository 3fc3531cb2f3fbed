"""From names to what has to go: items of segments, files, prompts in credentials. Reads a run and changes nothing.

A prompt stands in up to four places: in the recorded request of an answer, in the body of an artifact's entry, in the
artifact's credential, and on the report's page. A decision's entry holds only its digest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from worldloom.cluster.finished import FinishedRun
from worldloom.cluster.people import find_person
from worldloom.provenance.canonical import parse_canonical
from worldloom.provenance.digests import ARTIFACT, digest_json
from worldloom.provenance.entry import EntryKind
from worldloom.provenance.errors import CanonicalError, RedactionError
from worldloom.provenance.folder import (
    ANSWERS,
    BLOBS,
    REPORT,
    artifact_path,
    blob_path,
    body_segment,
    sidecar,
)
from worldloom.provenance.media import EXTENSIONS, embeds
from worldloom.provenance.segments import decode_segment

_SHORTEST = 8
"""Digits of a digest that name something."""


class Asked(NamedTuple):
    """A recorded request: its digest, segment, on whose behalf, and whether it had a prompt and still has it."""

    digest: str
    segment: str
    agent: str
    prompt: str


class MadeThing(NamedTuple):
    """An artifact's entry: where it is in the log, its content digest, its body, and where its file stands."""

    entry: int
    digest: str
    body: Mapping[str, Any]
    path: str

    @property
    def media_type(self) -> str:
        """Media type of its file."""
        return str(self.body["media_type"])


@dataclass
class Choice:
    """What has to go. `items` are (digest, segment); `bare` requests keep their answers; `made` lose their prompt."""

    items: set[tuple[str, str]] = field(default_factory=set)
    bare: set[str] = field(default_factory=set)
    made: dict[str, MadeThing] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)
    prompts: set[str] = field(default_factory=set)
    """Words of prompts that no page may show any more."""
    bodies: int = 0
    report: bool = False
    """Whether the report goes as a whole, since it retells what is erased."""

    @property
    def nothing(self) -> bool:
        """Whether nothing was chosen."""
        return not (self.items or self.made or self.files)


class Chooser:
    """Reads what a run has, once, and turns names into a choice. Raises RedactionError for a name of nothing."""

    def __init__(self, run: FinishedRun) -> None:
        self._run = run
        self.choice = Choice()

    @cached_property
    def asked(self) -> dict[str, Asked]:
        """All recorded requests by digest; those that were erased are left out."""
        return {each.digest: each for each in self._read_answers()}

    @cached_property
    def made(self) -> dict[str, MadeThing]:
        """All artifacts by digest; those whose body was erased are left out."""
        found = {}
        for index, body in self._bodies(EntryKind.ARTIFACT):
            digest = digest_json(ARTIFACT, body).hex()
            path = artifact_path(digest, EXTENSIONS[str(body["media_type"])])
            found[digest] = MadeThing(index, self._content_digest(index), body, path)
        return found

    @cached_property
    def decisions(self) -> dict[str, tuple[int, Mapping[str, Any]]]:
        """Index and body of all decisions by id."""
        return {str(body["id"]): (index, body) for index, body in self._bodies(EntryKind.DECISION)}

    def all_prompts(self) -> None:
        """Choose every prompt of the run."""
        self._choose_prompts(self.asked.values(), self.made.values())

    def prompts_of(self, who: str) -> str:
        """Choose every prompt on behalf of somebody; returns the id. Raises AskError for nobody and for several."""
        genesis = self._run.log.content(self._run.indices[1])
        people = genesis["personas"] if isinstance(genesis, Mapping) else []
        agent = find_person(people, who)[0] if people else who
        asked = [each for each in self.asked.values() if each.agent == agent]
        self._choose_prompts(asked, [each for each in self.made.values() if each.body["recipe"]["agent"] == agent])
        return agent

    def named(self, name: str, *, whole: bool) -> None:
        """Choose one thing: `entry:N`, a decision's id, an artifact by path or digest, a request by digest.

        Only its prompt goes, or its body, its recorded answer and what was made with it as well (`whole`).
        """
        index, thing, request = self._find(name)
        if thing is not None:
            self._choose_prompts([self.asked[request]] if request in self.asked else [], [thing])
        elif request in self.asked:
            self._choose_prompts([self.asked[request]], [])
        elif not whole:
            raise RedactionError(f"{name[:80]!r}: has no prompt, or lost it; `--whole` erases the body of an entry")
        if whole:
            self._choose_whole(index, thing, request)

    def request_of(self, name: str) -> str:
        """Return the digest of the request that a name stands for, by the rules of `named`."""
        request = self._find(name)[2]
        if request not in self.asked:
            raise RedactionError(f"{name[:80]!r}: nothing was asked for it, or that was erased")
        return request

    def _choose_prompts(self, asked: Iterable[Asked], made: Iterable[MadeThing]) -> None:
        choice = self.choice
        for each in asked:
            if each.prompt:
                choice.items.add((each.digest, each.segment))
                choice.bare.add(each.digest)
                choice.prompts.add(each.prompt)
        for thing in made:
            if thing.body["recipe"]["prompt"]:
                choice.items.add((thing.digest, self._segment(thing.entry)))
                choice.made[thing.path] = thing
                choice.prompts.add(str(thing.body["recipe"]["prompt"]))

    def _choose_whole(self, index: int | None, thing: MadeThing | None, request: str) -> None:
        choice = self.choice
        choice.report = True
        if index is not None:
            entry = self._run.log.entry(index)
            if not entry.has_content:
                raise RedactionError(f"entry {index}: has no content that could be erased")
            if entry.kind in (EntryKind.SCENARIO, EntryKind.GENESIS, EntryKind.END):
                raise RedactionError(f"entry {index}: nothing can be read of a run without it; give the run to nobody")
            choice.items.add((self._content_digest(index), self._segment(index)))
            choice.bodies += 1
        if request in self.asked:
            choice.items.add((request, self.asked[request].segment))
            choice.bare.discard(request)
        if thing is not None:
            beside = () if embeds(thing.media_type) else (sidecar(thing.path),)
            blob = blob_path(str(thing.body["payload"]))
            exists = self._run.storage.exists
            choice.files |= {path for path in (thing.path, *beside, blob) if exists(path)}
            choice.made.pop(thing.path, None)

    def _find(self, name: str) -> tuple[int | None, MadeThing | None, str]:
        """Return entry index, artifact and request digest that a name stands for."""
        if name.startswith("entry:"):
            return self._entry(name)
        if name in self.decisions:
            index, body = self.decisions[name]
            return index, None, str(body["request"])
        digest = name.removeprefix("request:").rpartition("/")[2].partition(".")[0]
        if len(digest) >= _SHORTEST and set(digest) <= set("0123456789abcdef"):
            things = [each for key, each in self.made.items() if key.startswith(digest)]
            asked = [each for each in self.asked.values() if each.digest.startswith(digest)]
            if len(things) + len(asked) > 1:
                raise RedactionError(
                    f"{name[:80]!r}: may be any of {len(things) + len(asked)} things; give more digits"
                )
            if things:
                return things[0].entry, things[0], str(things[0].body["recipe"]["request"])
            if asked:
                return None, None, asked[0].digest
        raise RedactionError(
            f"{name[:80]!r}: nothing of that name is in the run, or its body was erased already; give `entry:N`, a "
            "decision's id, the path or digest of a made file, or the digest of a request"
        )

    def _entry(self, name: str) -> tuple[int | None, MadeThing | None, str]:
        number = name.removeprefix("entry:")
        if not (number.isascii() and number.isdigit() and int(number) < self._run.log.size):
            raise RedactionError(f"{name[:80]!r}: the log has entries entry:0 to entry:{self._run.log.size - 1}")
        index = int(number)
        thing = next((each for each in self.made.values() if each.entry == index), None)
        if thing is not None:
            return index, thing, str(thing.body["recipe"]["request"])
        request = next((str(body["request"]) for at, body in self.decisions.values() if at == index), "")
        return index, None, request

    def _bodies(self, kind: int) -> Iterator[tuple[int, Mapping[str, Any]]]:
        for index, entry in enumerate(self._run.log.entries()):
            if entry.kind == kind:
                body = self._run.log.content(index)
                if isinstance(body, Mapping):
                    yield index, body

    def _content_digest(self, index: int) -> str:
        return self._run.log.entry(index).content.hex()

    def _segment(self, index: int) -> str:
        starts = self._run.log.segment_starts
        return body_segment(max(start for start in starts if start <= index))

    def _read_answers(self) -> Iterator[Asked]:
        storage = self._run.storage
        for path in storage.files(ANSWERS):
            if path.startswith(BLOBS):
                continue
            for item in decode_segment(storage.read(path)):
                if item.data is None:
                    continue
                try:
                    request = parse_canonical(item.data)["request"]
                    yield Asked(item.digest.hex(), path, str(request.get("agent", "")), str(request.get("prompt", "")))
                except (CanonicalError, KeyError, TypeError, AttributeError) as error:
                    raise RedactionError(
                        f"{path}: holds an answer that cannot be read; see `worldloom audit`"
                    ) from error


def report_paths(run: FinishedRun) -> list[str]:
    """Return the files of the report that are there."""
    return [path for path in (REPORT, sidecar(REPORT)) if run.storage.exists(path)]

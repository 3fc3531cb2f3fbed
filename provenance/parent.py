"""What a fork says of the run whose past it shares, and whether its own content bears that out. Reads no other run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .digests import from_hex
from .entry import content_leaf
from .errors import FormatError
from .merkle import Frontier, leaf_hash
from .retold import Body, Retelling, what_it_is


@dataclass(frozen=True)
class Parent:
    """A run up to a moment: stands as `parent` in the scenario entry of its fork.

    `run` is the run id, `origin` its log's, `time` the simulated second from which on the fork goes its own way;
    `content_count` and `content_root` (hex) are of the parent's content before that, `log_size` and `log_root` of its
    log up to the last of it. `scenario` is the parent's first content body: what its digests begin with.
    """

    run: str
    origin: str
    time: int
    content_count: int
    content_root: str
    log_size: int
    log_root: str
    scenario: Mapping[str, Any]

    def content(self) -> dict[str, Any]:
        """Return it as it stands in the fork's scenario body."""
        return dict(vars(self)) | {"scenario": dict(self.scenario)}

    @classmethod
    def from_content(cls, value: Any) -> Parent:
        """Read what `content` wrote; raises FormatError."""
        fields = cls.__dataclass_fields__
        if not isinstance(value, dict) or set(value) != set(fields):
            raise FormatError(f"a fork's parent has the fields {', '.join(fields)}")
        for name, field in fields.items():
            wanted = {"int": int, "str": str}.get(str(field.type), dict)
            if type(value[name]) is not wanted:
                raise FormatError(f"a fork's parent: {name} is no {wanted.__name__}")
        from_hex(value["content_root"])
        from_hex(value["log_root"])
        return cls(**value)


def parent_of(scenario_body: Any) -> Parent | None:
    """Return the parent that a run's first content body names; None for a run that is no fork. Raises FormatError."""
    named = scenario_body.get("parent") if isinstance(scenario_body, Mapping) else None
    return None if named is None else Parent.from_content(named)


class SharedPast:
    """Follows a fork's content, from the first on, and says where it is not its parent's.

    The content root that the fork names for its parent is computed again from the fork's own content: a fork alone
    proves what it shares. `logged`, if at hand, is (kind, time, content digest) by the parent's content numbers: then
    the first that differs is named, else only that some do.
    """

    def __init__(self, parent: Parent, logged: Sequence[tuple[int, int, bytes]] = ()) -> None:
        self.parent = parent
        self.seen = 0
        self._logged = logged
        self._retelling = Retelling()
        self._frontier = Frontier()

    @property
    def whole(self) -> bool:
        """Whether all of the shared past was followed."""
        return self.seen >= self.parent.content_count

    def follow(self, number: int, kind: int, time: int, body: Body) -> str:
        """Take the content of a number; returns what is wrong with it, or `""`.

        What was followed before, or lies after the past, is passed over.
        """
        if self.whole or number < self.seen:
            return ""
        if number != self.seen:
            return f"content {number} came where content {self.seen} was due"
        told: Body = self.parent.scenario if number == 0 else self._retelling.body(body)
        digest = self._retelling.learn(body, told)
        self._frontier.append(leaf_hash(content_leaf(kind, time, digest)))
        self.seen += 1
        if number < len(self._logged) and self._logged[number] != (kind, time, digest):
            return f"content {number} ({what_it_is(kind, body)} at {time} s) is not what {self.parent.run} has there"
        return self._root_fault() if self.whole else ""

    def _root_fault(self) -> str:
        root, parent = self._frontier.root.hex(), self.parent
        if root == parent.content_root:
            return ""
        return (
            f"the first {parent.content_count} contents are not those of {parent.run}: told with its digests they have "
            f"the root {root[:16]}…, and it had {parent.content_root[:16]}…"
        )

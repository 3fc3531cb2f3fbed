"""One prompt of a private run, shown with its salt: who has the run or the file can check that it is the one used.

Canonical JSON. The salt opens this prompt alone; the run's secret stays with its operator.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .canonical import canonical, parse_canonical
from .digests import REQUEST, digest_json, from_hex
from .errors import CanonicalError, FormatError
from .veil import salted_digest

TYPE = "worldloom/revealed-prompt/1"
_FIELDS = {"type", "origin", "salt", "prompt", "request"}


@dataclass(frozen=True)
class RevealedPrompt:
    """A prompt, its salt, the log's origin, and the request as it is recorded: without the prompt, with its digest."""

    origin: str
    salt: bytes
    prompt: str
    request: dict[str, Any]

    @property
    def digest(self) -> str:
        """The hex digest that this prompt has with this salt."""
        return salted_digest(self.salt, self.prompt)

    @property
    def request_digest(self) -> str:
        """The hex digest of the recorded request, under which its answer stands."""
        return digest_json(REQUEST, self.request).hex()

    @property
    def holds(self) -> bool:
        """Whether the prompt and salt give the digest that the request names."""
        return self.request.get("veil") == self.digest

    def encode(self) -> bytes:
        """Return the bytes of its file."""
        said = {"type": TYPE, "origin": self.origin, "salt": self.salt.hex(), "prompt": self.prompt}
        return canonical(said | {"request": self.request}) + b"\n"

    @classmethod
    def decode(cls, data: bytes) -> RevealedPrompt:
        """Read a file; raises FormatError."""
        try:
            value = parse_canonical(data.removesuffix(b"\n"))
        except CanonicalError as error:
            raise FormatError(f"revealed prompt: {error}") from error
        if not isinstance(value, dict) or set(value) != _FIELDS or value["type"] != TYPE:
            raise FormatError(f"revealed prompt: has not the fields of {TYPE}")
        texts = (value["origin"], value["salt"], value["prompt"])
        if not all(isinstance(text, str) for text in texts) or not isinstance(value["request"], dict):
            raise FormatError("revealed prompt: a field is of another type")
        return cls(value["origin"], from_hex(value["salt"]), value["prompt"], value["request"])

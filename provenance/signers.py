"""Which key signs what in one process: its own, one of another algorithm or place, one for each agent. Signs so."""

from __future__ import annotations

import re
from collections.abc import Callable

from .algorithms import ED25519, OutsideKey
from .making import Making
from .run_authority import RunAuthority
from .signing import CredentialSigner, SignedFile
from .signing_key import SigningKey
from .signing_policy import SigningPolicy

SIGNER = "signer"
"""The role of the key that signs credentials where the process's own, which signs notes, is of another algorithm."""

_AGENT = re.compile(r"agent-[0-9]{1,18}\Z")


class RunSigners:
    """Signs each file with the key that the policy gives it; a key is certified, announced, and only then used.

    `outside` is the policy's key that lives elsewhere, where it has one: every credential is then by that key.

    Where the policy wants one key, that is the process's own and the authority may be gone. Otherwise the authority
    lives as long as the process's key, since agents make things as long as the run goes on.
    """

    def __init__(
        self,
        key: SigningKey,
        authority: RunAuthority,
        policy: SigningPolicy,
        announce: Callable[[SigningKey, int], None],
        outside: OutsideKey | None = None,
    ) -> None:
        self._authority = authority
        self._policy = policy
        self._announce = announce
        self._outside = outside
        self._common = CredentialSigner(key) if policy.algorithm == ED25519 and outside is None else None
        self._by_role: dict[str, CredentialSigner] = {}
        self._keys: list[SigningKey] = []
        if policy.one_key:
            authority.destroy()
        else:
            key.on_destroy(self.close)

    def sign(self, payload: bytes, making: Making) -> SignedFile:
        """Return the payload with its credential; raises as `CredentialSigner.sign` does."""
        if self._policy.leaf_per_agent and _AGENT.match(making.on_behalf):
            return self._of(making.on_behalf, making.time).sign(payload, making)
        signer = self._common or self._of(SIGNER, making.time)
        return signer.sign(payload, making)

    def close(self) -> None:
        """Let every key go, and the authority; the process's own key calls this when it goes."""
        self._authority.destroy()
        for key in self._keys:
            key.destroy()

    def _of(self, role: str, time: int) -> CredentialSigner:
        found = self._by_role.get(role)
        if found is None:
            key = self._issued(role)
            self._keys.append(key)
            self._announce(key, time)
            found = self._by_role[role] = CredentialSigner(key)
        return found

    def _issued(self, role: str) -> SigningKey:
        if self._outside is not None:
            return self._authority.issue_outside(role, self._outside)
        return self._authority.issue(role, self._policy.algorithm)

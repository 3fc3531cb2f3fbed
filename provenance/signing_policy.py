"""How this user's runs sign: with which algorithm, a certificate for each agent or not, and where the key lives."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .algorithms import ALGORITHMS, ED25519
from .canonical import canonical, parse_canonical
from .errors import CanonicalError, KeystoreError
from .operator_file import write_new
from .outside_signer import check_signer

POLICY_FILE = "signing.json"


@dataclass(frozen=True)
class SigningPolicy:
    """Algorithm of the keys that sign credentials, and whether each agent's things are signed with its own leaf.

    `signer` names a key that lives elsewhere (`outside_signer`), whose kind is then the algorithm; `""`: born here.
    """

    algorithm: str = ED25519
    leaf_per_agent: bool = False
    signer: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        if self.algorithm not in ALGORITHMS:
            raise KeystoreError(f"algorithm {self.algorithm[:80]!r}: use one of {', '.join(ALGORITHMS)}")
        if self.signer:
            check_signer(self.signer)

    @property
    def one_key(self) -> bool:
        """Whether the conductor's key signs everything, credentials too."""
        return self.algorithm == ED25519 and not self.leaf_per_agent and not self.signer


def read_policy(home: Path | None) -> SigningPolicy:
    """Return the keystore's policy, the default where it has none; raises KeystoreError for a broken file."""
    path = None if home is None else home / POLICY_FILE
    if path is None or not path.is_file():
        return SigningPolicy()
    try:
        said = parse_canonical(path.read_bytes())
        return SigningPolicy(str(said["algorithm"]), said["leaf_per_agent"] is True, str(said.get("signer", "")))
    except (OSError, CanonicalError, TypeError, KeyError) as error:
        raise KeystoreError(f"{path}: cannot be read ({error}); remove it, or run `worldloom keys init` anew") from None


def write_policy(home: Path, policy: SigningPolicy) -> None:
    """Keep the policy for runs from now on."""
    said: dict[str, Any] = {"algorithm": policy.algorithm, "leaf_per_agent": policy.leaf_per_agent}
    if policy.signer:
        if "pin-value" in policy.signer:
            raise KeystoreError("signer: a PIN is not kept in the keystore; leave pin-value out and set WORLDLOOM_PIN")
        said["signer"] = policy.signer
    try:
        write_new(home / POLICY_FILE, canonical(said), 0o644)
    except OSError as error:
        raise KeystoreError(f"{home / POLICY_FILE}: {error.strerror}; make the keystore writable") from error

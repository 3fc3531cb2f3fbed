"""README.txt of a bundle: what it proves, and how people check it with tools that are not Worldloom's. Plain text.

The commands in it are run by a test.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from shlex import quote
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .bundle_layout import Facts

_TEXT = """\
One file of a Worldloom run, with what proves where it comes from
=================================================================

    file      {path}
    run       {origin}
    entry     {index} of the {size} of its log ({kind})

This bundle shows that these bytes belong to that run: which entry of the log names them, that the entry is included
under the log's signed head, and that the run's SEAL, which lists every file of the run, lists this one. It shows
nothing of the other files, and that no file was left out is SEAL's word alone. Who signed is for you to decide: get
the operator's certificate (here called operator.pem) from its owner, never from this bundle.

With Worldloom:

    worldloom audit THIS.bundle.zip --anchor operator.pem

By hand, in this folder after unpacking (commands for OpenSSL 3 and a POSIX shell):

1. The bytes. Both lines show the same digest, {digest_short}...

    sha256sum {member}
    grep -F {path_quoted} run/SEAL

2. The credential (C2PA), with c2patool or any other reader.

    {c2patool}

3. Who signed SEAL and the log's head: the certificate leads to the operator.

    openssl verify -CAfile operator.pem {untrusted} {conductor}

4. SEAL. It is a C2SP signed note: a text, an empty line, signature lines of 4 bytes of key id and 64 of Ed25519.

    openssl x509 -in {conductor} -pubkey -noout > conductor.pub
    sed '/^$/,$d' run/SEAL > seal.text
    sed -n 's/^— [^ ]* //p' run/SEAL | head -n 1 | base64 -d | tail -c 64 > seal.sig
    openssl pkeyutl -verify -pubin -inkey conductor.pub -rawin -in seal.text -sigfile seal.sig

   The same with run/log/checkpoint shows the log's head: its second line is the number of entries, its third the root.

5. The entry. `extra` of the proof holds it in hexadecimal digits; digits 41 to 104 are the digest of its content,
   105 to 168 that of its evidence. The evidence names the file's digest.

    sed -n 's/^extra //p' proof/entry.tlog-proof | base64 -d
{bodies}
6. That the entry is in the log: proof/entry.tlog-proof is a C2SP tlog-proof; any verifier of that format takes it. The
   leaf is SHA-256 of a zero byte and the 84 bytes of the entry.
"""

_BODY = "    (printf 'worldloom/{name}/1\\n'; cat proof/{name}.json) | sha256sum\n"


def readme(facts: Facts, members: Mapping[str, bytes], conductor: str, size: int) -> bytes:
    """Return the text for a bundle with these members; `conductor` is the member with the certificate of who sealed."""
    member = quote(facts.member)
    part = conductor.rpartition("-")[2]
    above = [name for name in (f"run/trust/ca-{part}", f"run/trust/operator-{part}") if name in members]
    beside = f" --external-manifest {quote(facts.sidecar)}" if facts.sidecar in members else ""
    return _TEXT.format(
        path=facts.path,
        path_quoted=quote(f" {facts.path}"),
        origin=facts.origin,
        index=facts.index,
        size=size,
        kind=facts.kind,
        member=member,
        digest_short=hashlib.sha256(members[facts.member]).hexdigest()[:16],
        c2patool=f"c2patool {member}{beside} trust --trust_anchors operator.pem",
        untrusted=" ".join(f"-untrusted {quote(name)}" for name in above),
        conductor=quote(conductor),
        bodies="".join(_BODY.format(name=name) for name in ("content", "evidence") if f"proof/{name}.json" in members),
    ).encode()

"""A timestamp authority of one's own: `openssl ts` behind a loopback address. For tests only."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID
from throwaway_certificates import issue

_CONFIG = """\
[tsa]
default_tsa = settings
[settings]
serial = {folder}/serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_alg = sha256
"""


class Authority:
    """A root and a certificate for timestamps; `root_pem` is the anchor, `reply` answers a question in DER."""

    def __init__(self, folder: Path, openssl: str) -> None:
        self._folder, self._openssl = folder, openssl
        top, key = generate_private_key(SECP256R1()), generate_private_key(SECP256R1())
        root = issue("Time Root", None, top, authority=True)
        stamping = ExtendedKeyUsageOID.TIME_STAMPING
        signer = issue("Time", root, key, authority=False, purpose=stamping, critical_purpose=True)
        self.root_pem = root.pem
        (folder / "root.pem").write_bytes(self.root_pem)
        (folder / "signer.pem").write_bytes(signer.pem)
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        (folder / "key.pem").write_bytes(private)
        (folder / "serial").write_text("01\n")
        (folder / "tsa.cnf").write_text(_CONFIG.format(folder=folder))

    def reply(self, question: bytes) -> bytes:
        """Return the answer of `openssl ts`."""
        asked, answered = self._folder / "q.tsq", self._folder / "a.tsr"
        asked.write_bytes(question)
        where = [f"{self._folder}/{name}" for name in ("tsa.cnf", "signer.pem", "key.pem", "root.pem")]
        command = [self._openssl, "ts", "-reply", "-config", where[0], "-queryfile", str(asked), "-out", str(answered)]
        command += ["-signer", where[1], "-inkey", where[2], "-chain", where[3]]
        subprocess.run(command, check=True, capture_output=True, timeout=60)
        return answered.read_bytes()

    @contextmanager
    def served(self, change=lambda answer: answer) -> Iterator[str]:
        """Give the address of a server that answers, after `change` has had its way with the answer."""
        authority = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                question = self.rfile.read(int(self.headers["Content-Length"]))
                answer = change(authority.reply(question))
                self.send_response(200)
                self.send_header("Content-Type", "application/timestamp-reply")
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_: object) -> None:
                pass

        server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            server.server_close()

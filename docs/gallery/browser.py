"""A picture of a GLB drawn by three.js in headless Chromium. Where one stands and what light there is: shots.py."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from PIL import Image

HERE = Path(__file__).parent
THREE = HERE / "node_modules" / "three"
SECONDS = 400
"""A software renderer takes half a minute; a machine under load several times that."""

_TYPES = {".js": "text/javascript", ".html": "text/html", ".json": "application/json"}
_FLAGS = ("--headless=new", "--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--mute-audio")


class NoPicture(Exception):  # noqa: N818
    """Why there is none, in words for the person who asked for it."""


class _Studio(ThreadingHTTPServer):
    """Serves the page, three.js, one world and one shot on loopback, and waits for the picture."""

    daemon_threads = True

    def __init__(self, glb: bytes, shot: Mapping[str, Any]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.given = {"/world.glb": glb, "/shot.json": json.dumps(shot).encode()}
        self.done = threading.Event()
        self.picture = b""
        self.failure = ""


class _Handler(BaseHTTPRequestHandler):
    server: _Studio

    def do_GET(self) -> None:
        body = self.server.given.get(self.path)
        path = THREE / self.path.removeprefix("/three/") if self.path.startswith("/three/") else HERE / self.path[1:]
        if body is None and path.is_file() and HERE in path.resolve().parents:
            body = path.read_bytes()
        self.send_response(404 if body is None else 200)
        self.send_header("Content-Type", _TYPES.get(path.suffix, "application/octet-stream"))
        self.end_headers()
        self.wfile.write(body or b"")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/picture":
            self.server.picture = body
        else:
            self.server.failure = body.decode("utf-8", "replace")
        self.send_response(204)
        self.end_headers()
        self.server.done.set()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing of each request."""


def chromium() -> str:
    """Return the path of a Chromium; raises NoPicture."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    raise NoPicture("no Chromium on the PATH (Debian: apt install chromium)")


def shoot(glb: bytes, shot: Mapping[str, Any]) -> Image.Image:
    """Return the world as the shot describes it, `size` pixels large; raises NoPicture."""
    if not THREE.is_dir():
        raise NoPicture(f"no three.js in {THREE.parent}: run `make gallery`, or npm ci in {HERE}")
    studio = _Studio(glb, shot)
    threading.Thread(target=studio.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        page = f"http://127.0.0.1:{studio.server_address[1]}/page.html"
        command = [chromium(), *_FLAGS, f"--user-data-dir={profile}", "--remote-debugging-port=0", page]
        browser = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            studio.done.wait(SECONDS)
        finally:
            browser.terminate()
            browser.wait()
            studio.shutdown()
            studio.server_close()
    if not studio.picture:
        raise NoPicture(studio.failure or f"Chromium drew nothing within {SECONDS} s")
    drawn = Image.open(io.BytesIO(studio.picture)).convert("RGB")
    return drawn.resize(tuple(shot["size"]), Image.Resampling.LANCZOS)

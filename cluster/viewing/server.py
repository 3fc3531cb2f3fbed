"""The live page as a web server: routes of pages, pictures and files behind the guard. Prints nothing."""

from __future__ import annotations

import errno
import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from worldloom.cluster.closing.assets import VIEWER, source
from worldloom.cluster.errors import ViewError

from .follower import Follower
from .guard import LOCAL, TOKEN, Guard, Rule
from .scenes import Scene
from .serving import INERT, Served, drawn, serve
from .site import Site

if TYPE_CHECKING:
    from fastapi import FastAPI

LOOPBACK = "127.0.0.1"
VIEWER_FILES = (VIEWER, "scene3d.js")
"""Scripts of the report that the page uses, too."""
_PATIENCE_SECONDS = 60.0
"""How long a page keeps its state for a browser that does not answer: a run may take all processors."""


@dataclass(frozen=True)
class Address:
    """Where the page is: a bound socket's host and port, and the token that lets in."""

    host: str
    port: int
    token: str

    @property
    def url(self) -> str:
        """The address to open, token included."""
        shown = LOOPBACK if self.host in ("0.0.0.0", "::", "") else self.host  # noqa: S104  (only told apart here)
        shown = f"[{shown}]" if ":" in shown else shown
        return f"http://{shown}:{self.port}/?{TOKEN}={self.token}"

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach it."""
        return self.host in ("127.0.0.1", "localhost", "::1")

    def rule(self) -> Rule:
        """Return the guard's rule."""
        names = LOCAL if self.is_loopback else (*LOCAL, self.host.lower())
        return Rule(self.token, self.port, names, open_to_net=not self.is_loopback)


def bind(host: str, port: int) -> socket.socket:
    """Return a listening socket (port 0: any free one); raises ViewError where it cannot be had."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        bound = socket.socket(family, socket.SOCK_STREAM)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
        bound.listen()  # so that a browser that comes before the server is up waits for it
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise ViewError(
                f"port {port} on {host} is in use, perhaps by another live page; choose one with --port"
            ) from error
        raise ViewError(f"{host}:{port}: cannot be listened at ({error.strerror}); see --host and --port") from error
    return bound


def application(site: Site, rule: Rule) -> Guard:
    """Return the whole ASGI application: pages and files behind the guard. Once a process: NiceGUI has one app."""
    from fastapi import FastAPI  # noqa: PLC0415  (an extra)
    from nicegui import ui  # noqa: PLC0415

    app = FastAPI(title="Worldloom", docs_url=None, redoc_url=None, openapi_url=None)
    _add_files(app, site)
    _add_pages(site)
    ui.run_with(
        app,
        title="Worldloom",
        dark=None,
        language="en-US",
        tailwind=False,
        favicon=_FAVICON,
        show_welcome_message=False,
        reconnect_timeout=_PATIENCE_SECONDS,
    )
    return Guard(app, rule)


def run_server(site: Site, address: Address, bound: socket.socket) -> None:
    """Serve until Ctrl-C."""
    import uvicorn  # noqa: PLC0415  (an extra)

    config = uvicorn.Config(
        application(site, address.rule()),
        log_level="warning",
        access_log=False,  # it would hold the token
        server_header=False,
        ws_max_size=1_000_000,
        timeout_graceful_shutdown=2,
    )
    uvicorn.Server(config).run(sockets=[bound])


def _add_pages(site: Site) -> None:
    from nicegui import ui  # noqa: PLC0415

    from .pages.overview import overview  # noqa: PLC0415
    from .pages.run_page import no_such_run, run_page  # noqa: PLC0415

    @ui.page("/")
    def _overview() -> None:
        overview(site)

    @ui.page("/run/{key}")
    def _run(key: str) -> None:
        listed = site.catalogue.find(key)
        if listed is None:
            no_such_run(key)
        else:
            run_page(site, listed)


def _add_files(app: FastAPI, site: Site) -> None:
    from fastapi import Response  # noqa: PLC0415

    def answer(key: str, find: Callable[[Any], Served | None]) -> Response:
        follower = site.follower(key)
        found = None if follower is None else find(follower)
        if found is None:
            return Response("There is no such file.", 404, media_type="text/plain")
        return Response(found.data, media_type=found.media_type, headers=dict(found.headers))

    # Plain functions: FastAPI calls them in threads, so that a large file keeps no page waiting.
    @app.get("/files/{key}/{path:path}")
    def _file(key: str, path: str) -> Response:
        return answer(key, lambda follower: serve(follower.storage, path))

    @app.get("/drawn/{key}/{path:path}")
    def _drawn(key: str, path: str) -> Response:
        return answer(key, lambda follower: drawn(follower.storage, path))

    @app.get("/map/{key}")
    def _map(key: str) -> Response:
        return answer(key, lambda follower: _picture(site.picture(follower)))

    @app.get("/crowd/{key}")
    def _crowd(key: str) -> Response:
        return answer(key, lambda follower: _crowd_picture(site, follower))

    @app.get("/world/{key}")
    def _world(key: str) -> Response:
        return answer(key, lambda follower: _glb(site.scenes.known(follower)))

    @app.get("/viewer/{name}")
    def _viewer(name: str) -> Response:
        if name not in VIEWER_FILES:
            return Response("There is no such file.", 404, media_type="text/plain")
        return Response(source(name), media_type="text/javascript", headers={"Cache-Control": "no-cache"})

    @app.get("/thumb/{key}")
    def _thumb(key: str) -> Response:
        return answer(key, lambda follower: _picture(site.thumb(follower)) or _NO_MAP_YET)


def _picture(data: bytes | None) -> Served | None:
    headers = {"Content-Security-Policy": INERT, "X-Content-Type-Options": "nosniff", "Cache-Control": "max-age=60"}
    return Served(data, "image/jpeg", headers) if data else None


def _crowd_picture(site: Site, follower: Follower) -> Served | None:
    seen = site.crowds.known(follower)
    headers = {"Content-Security-Policy": INERT, "X-Content-Type-Options": "nosniff"}
    return Served(seen.picture, "image/png", headers) if seen is not None and seen.picture else None


def _glb(scene: Scene | None) -> Served | None:
    headers = {"Content-Security-Policy": INERT, "X-Content-Type-Options": "nosniff"}
    return None if scene is None else Served(scene.glb, "model/gltf-binary", headers)


_NO_MAP_YET = Served(
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 10" preserveAspectRatio="none"><defs>'
    b'<linearGradient id="g" x1="0" y1="0" x2="1" y2="1"><stop stop-color="#b9d8da"/>'
    b'<stop offset=".55" stop-color="#8fb9c4"/><stop offset="1" stop-color="#c9d49b"/></linearGradient></defs>'
    b'<rect width="8" height="10" fill="url(#g)"/></svg>',
    "image/svg+xml",
    {"Content-Security-Policy": INERT, "Cache-Control": "no-store"},
)

_FAVICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#1d6a73"/>'
    '<path d="M7 9l5 14 4-11 4 11 5-14" fill="none" stroke="#fbfaf6" stroke-width="2.6" stroke-linejoin="round" '
    'stroke-linecap="round"/></svg>'
)

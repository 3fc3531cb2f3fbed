"""Who may ask the live page anything: the right Host, no foreign Origin, the token. No route and no page is here.

The guard wraps the whole ASGI application, so that nothing behind it, NiceGUI's own routes and websocket included, can
be reached around it.
"""

from __future__ import annotations

import ipaddress
import secrets
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qsl, urlencode

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

TOKEN = "token"  # noqa: S105  (the name of a parameter)
LOCAL = ("localhost", "127.0.0.1", "[::1]")

PAGE_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; media-src 'self'; connect-src 'self'; frame-src 'self'; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
)
"""For our own pages. NiceGUI compiles templates in the browser, hence unsafe-eval; nothing loads from elsewhere."""

_HEADERS = {
    b"content-security-policy": PAGE_POLICY.encode(),
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"SAMEORIGIN",
    b"referrer-policy": b"no-referrer",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
    b"cache-control": b"no-store",
}


@dataclass(frozen=True)
class Asked:
    """What the guard looks at. `hosts` and `origins` are all headers of that name: two of one are refused."""

    method: str
    path: str
    hosts: tuple[str, ...]
    origins: tuple[str, ...]
    token: str
    """In the address; "" for none."""
    cookies: tuple[str, ...]
    """Every value of the guard's cookie."""


@dataclass(frozen=True)
class Rule:
    """The token, and the names by which the page may be called.

    `port` is the port that it listens at. With `open_to_net` any address in digits will do as Host too: it is names
    that somebody else's DNS can point here.
    """

    token: str
    port: int
    names: tuple[str, ...] = LOCAL
    open_to_net: bool = False

    @property
    def cookie(self) -> str:
        """Name of the cookie; browsers keep cookies of all ports together, so the port is part of it."""
        return f"worldloom-view-{self.port}"

    def refusal(self, asked: Asked) -> str:
        """Return why a request is refused whatever token it brings, or ""."""
        if len(asked.hosts) != 1 or not self._known(asked.hosts[0]):
            return "the Host header names another machine"
        if len(asked.origins) > 1 or any(origin != f"http://{asked.hosts[0]}" for origin in asked.origins):
            return "it comes from a page of another origin"
        return ""

    def knows(self, asked: Asked) -> bool:
        """Whether the request brings the cookie."""
        return any(self._is_token(value) for value in asked.cookies)

    def invites(self, asked: Asked) -> bool:
        """Whether it brings the token in its address, to be exchanged for the cookie."""
        return asked.method == "GET" and self._is_token(asked.token)

    def _is_token(self, value: str) -> bool:
        return secrets.compare_digest(value.encode(), self.token.encode())

    def _known(self, host: str) -> bool:
        name, _, port = host.rpartition(":") if not host.endswith("]") else (host, "", "")
        if not name:
            name, port = host, "80"
        if port != str(self.port):
            return False
        return name.lower() in self.names or (self.open_to_net and _is_address(name))


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True


class Guard:
    """An ASGI application around another: refuses, exchanges the token for a cookie, or passes on."""

    def __init__(self, app: App, rule: Rule) -> None:
        self._app = app
        self._rule = rule

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request or websocket."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        asked = asked_of(scope, self._rule.cookie)
        why = self._rule.refusal(asked)
        if why:
            await _refuse(scope, send, why)
        elif self._rule.knows(asked):
            await self._app(scope, receive, _with_headers(send) if scope["type"] == "http" else send)
        elif scope["type"] == "http" and self._rule.invites(asked):
            await _exchange(scope, send, self._rule)
        else:
            await _refuse(scope, send, "it brings no token, or a wrong one. Open the address that worldloom printed")


def asked_of(scope: Scope, cookie: str) -> Asked:
    """Read what counts from an ASGI scope."""
    headers = [(name.lower(), value.decode("latin-1")) for name, value in scope["headers"]]
    query = dict(parse_qsl(scope.get("query_string", b"").decode("latin-1")))
    return Asked(
        method=scope.get("method", ""),
        path=scope["path"],
        hosts=tuple(value for name, value in headers if name == b"host"),
        origins=tuple(value for name, value in headers if name == b"origin"),
        token=query.get(TOKEN, ""),
        cookies=tuple(_cookies((value for name, value in headers if name == b"cookie"), cookie)),
    )


def _cookies(headers: Iterable[str], name: str) -> Iterable[str]:
    for header in headers:
        try:
            found = SimpleCookie(header)
        except CookieError:
            continue
        if name in found:
            yield found[name].value


def _with_headers(send: Send) -> Send:
    async def sending(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            given = list(message.get("headers", ()))
            names = {name.lower() for name, _ in given}
            given += [(name, value) for name, value in _HEADERS.items() if name not in names]
            message = {**message, "headers": given}
        await send(message)

    return sending


async def _exchange(scope: Scope, send: Send, rule: Rule) -> None:
    """Set the cookie and go on without the token.

    A page that goes on by itself, not a redirect: a browser sends no strict cookie along a redirect that a link
    elsewhere, such as in a terminal on the web, began.
    """
    query = parse_qsl(scope.get("query_string", b"").decode("latin-1"))
    rest = urlencode([(name, value) for name, value in query if name != TOKEN])
    # Two slashes at the beginning would lead to another machine.
    path = "/" + "".join(each for each in scope["path"] if each.isalnum() or each in "/-_.~").lstrip("/")
    target = (path + (f"?{rest}" if rest else "")).replace("&", "&amp;").replace('"', "%22")
    page = (
        f'<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url={target}">'
        f'<title>Worldloom</title><a href="{target}">Go on</a>'
    )
    cookie = f"{rule.cookie}={rule.token}; Path=/; HttpOnly; SameSite=Strict"
    await _answer(send, 200, page, ((b"set-cookie", cookie.encode()),))


async def _refuse(scope: Scope, send: Send, why: str) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008, "reason": why[:100]})
        return
    await _answer(send, 403, f'<!doctype html><meta charset="utf-8"><title>403</title><p>Refused: {why}.</p>')


async def _answer(send: Send, status: int, page: str, more: tuple[tuple[bytes, bytes], ...] = ()) -> None:
    headers = [(name, value) for name, value in _HEADERS.items() if name != b"content-security-policy"]
    headers += [(b"content-type", b"text/html; charset=utf-8"), (b"content-security-policy", b"default-src 'none'")]
    await send({"type": "http.response.start", "status": status, "headers": [*headers, *more]})
    await send({"type": "http.response.body", "body": page.encode()})

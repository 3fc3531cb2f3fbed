"""The guard: without the token, with a foreign Host or Origin, nothing behind it is reached, pages or websocket."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worldloom.cluster.viewing.guard import Asked, Guard, Rule, asked_of

TOKEN = "a-token-that-nobody-guesses"
RULE = Rule(TOKEN, 8421)
COOKIE = (b"cookie", f"{RULE.cookie}={TOKEN}".encode())
HOST = (b"host", b"127.0.0.1:8421")


def ask(
    *headers: tuple[bytes, bytes], path: str = "/", query: str = "", kind: str = "http", rule: Rule = RULE
) -> tuple[list[dict[str, Any]], bool]:
    """Return what the guard sent, and whether the application behind it was reached."""
    sent: list[dict[str, Any]] = []
    reached = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        reached.append(scope["path"])
        if scope["type"] == "http":
            await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/html")]})
            await send({"type": "http.response.body", "body": b"inside"})
        else:
            await send({"type": "websocket.accept"})

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": kind, "path": path, "headers": list(headers), "query_string": query.encode()}
    scope |= {"method": "GET"} if kind == "http" else {}
    asyncio.run(Guard(app, rule)(scope, None, send))
    return sent, bool(reached)


def headers_of(sent: list[dict[str, Any]]) -> dict[str, str]:
    return {name.decode().lower(): value.decode() for name, value in sent[0]["headers"]}


@pytest.mark.parametrize("path", ["/", "/run/x", "/files/x/report.html", "/_nicegui/3.0/static/vue.js", "/favicon.ico"])
def test_without_the_token_every_path_is_refused(path: str) -> None:
    sent, reached = ask(HOST, path=path)
    assert (sent[0]["status"], reached) == (403, False)


@pytest.mark.parametrize("query", ["token=wrong", "token=", f"token={TOKEN}x", f"Token={TOKEN}", f"t={TOKEN}"])
def test_a_wrong_token_is_refused(query: str) -> None:
    sent, reached = ask(HOST, query=query)
    assert (sent[0]["status"], reached) == (403, False)


def test_the_token_is_exchanged_for_a_cookie_and_leaves_the_address() -> None:
    sent, reached = ask(HOST, path="/run/saltmarsh-1", query=f"tab=2&token={TOKEN}")
    told, page = headers_of(sent), sent[1]["body"].decode()
    assert (sent[0]["status"], reached) == (200, False)
    assert told["set-cookie"] == f"{RULE.cookie}={TOKEN}; Path=/; HttpOnly; SameSite=Strict"
    assert told["referrer-policy"] == "no-referrer"
    assert told["cache-control"] == "no-store"
    assert 'url=/run/saltmarsh-1?tab=2"' in page
    assert TOKEN not in page


@pytest.mark.parametrize("path", ["//elsewhere.example/x", "/\\elsewhere.example", '/"><script>alert(1)</script>'])
def test_going_on_after_the_exchange_stays_on_this_page(path: str) -> None:
    page = ask(HOST, path=path, query=f"token={TOKEN}")[0][1]["body"].decode()
    assert "<script" not in page
    assert page.count("url=/") == 1
    assert "url=//" not in page


def test_with_the_cookie_the_application_answers_under_a_policy() -> None:
    sent, reached = ask(HOST, COOKIE)
    told = headers_of(sent)
    assert (sent[0]["status"], reached) == (200, True)
    assert told["x-content-type-options"] == "nosniff"
    assert "default-src 'self'" in told["content-security-policy"]
    assert "http:" not in told["content-security-policy"]


def test_a_policy_that_the_application_chose_is_kept() -> None:
    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        headers = [(b"Content-Security-Policy", b"sandbox")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})

    sent: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "path": "/", "headers": [HOST, COOKIE], "query_string": b"", "method": "GET"}
    asyncio.run(Guard(app, RULE)(scope, None, send))
    policies = [value for name, value in sent[0]["headers"] if name.lower() == b"content-security-policy"]
    assert policies == [b"sandbox"]


def test_a_token_in_an_address_that_does_more_than_read_is_not_taken() -> None:
    asked = Asked("POST", "/", ("127.0.0.1:8421",), (), TOKEN, ())
    assert not RULE.invites(asked)


def test_a_websocket_without_the_cookie_is_closed_before_it_opens() -> None:
    sent, reached = ask(HOST, kind="websocket", query=f"token={TOKEN}")
    assert ([message["type"] for message in sent], reached) == (["websocket.close"], False)


def test_a_websocket_from_a_page_elsewhere_is_closed_even_with_the_cookie() -> None:
    sent, reached = ask(HOST, COOKIE, (b"origin", b"http://elsewhere.example"), kind="websocket")
    assert ([message["type"] for message in sent], reached) == (["websocket.close"], False)


@pytest.mark.parametrize(
    "origin", [b"null", b"http://127.0.0.1:9999", b"https://127.0.0.1:8421", b"http://localhost:8421"]
)
def test_another_origin_is_refused(origin: bytes) -> None:
    sent, reached = ask(HOST, COOKIE, (b"origin", origin))
    assert (sent[0]["status"], reached) == (403, False)


def test_our_own_origin_is_let_through() -> None:
    assert ask(HOST, COOKIE, (b"origin", b"http://127.0.0.1:8421"), kind="websocket")[1]


@pytest.mark.parametrize(
    "host",
    ["elsewhere.example:8421", "127.0.0.1", "127.0.0.1:80", "127.0.0.1.elsewhere.example:8421", "", "10.0.0.7:8421"],
)
def test_a_host_that_dns_could_point_here_is_refused_even_with_the_cookie(host: str) -> None:
    sent, reached = ask((b"host", host.encode()), COOKIE)
    assert (sent[0]["status"], reached) == (403, False)


@pytest.mark.parametrize("host", ["127.0.0.1:8421", "localhost:8421", "LOCALHOST:8421", "[::1]:8421"])
def test_the_names_of_this_machine_are_known(host: str) -> None:
    assert ask((b"host", host.encode()), COOKIE)[1]


def test_two_hosts_are_refused() -> None:
    assert not ask(HOST, (b"host", b"elsewhere.example"), COOKIE)[1]


def test_open_to_the_network_addresses_in_digits_are_known_and_foreign_names_are_not() -> None:
    rule = Rule(TOKEN, 8421, ("localhost", "workshop.lan"), open_to_net=True)
    for host, known in (
        ("10.0.0.7:8421", True),
        ("[fe80::1]:8421", True),
        ("workshop.lan:8421", True),
        ("a.b:8421", False),
    ):
        assert ask((b"host", host.encode()), COOKIE, rule=rule)[1] is known, host


def test_of_several_cookies_with_one_name_one_that_fits_is_enough() -> None:
    assert ask(HOST, (b"cookie", f"{RULE.cookie}=old".encode()), COOKIE)[1]


def test_the_cookie_of_a_page_at_another_port_is_not_ours() -> None:
    assert not ask(HOST, (b"cookie", f"worldloom-view-9000={TOKEN}".encode()))[1]


@given(st.lists(st.tuples(st.sampled_from([b"host", b"cookie", b"origin", b"x"]), st.binary(max_size=60)), max_size=6))
def test_no_headers_without_the_token_reach_the_application(headers: list[tuple[bytes, bytes]]) -> None:
    assert not ask(*headers)[1]


@given(st.binary(max_size=80))
def test_any_query_can_be_read(query: bytes) -> None:
    scope = {"type": "http", "path": "/", "headers": [], "query_string": query, "method": "GET"}
    assert asked_of(scope, RULE.cookie).token != TOKEN

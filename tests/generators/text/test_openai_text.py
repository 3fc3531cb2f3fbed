"""`openai:` against a server that misbehaves in all the ways that servers do. What a real one says: test_serve.py."""

from __future__ import annotations

import json
import ssl
import subprocess
import sys
import threading
import time

import pytest
from worldloom.generators.errors import CancelledError, EndpointError, GeneratorError, UnknownGeneratorError
from worldloom.generators.ports import Generator
from worldloom.generators.registry import resolve
from worldloom.generators.requests import Status
from worldloom.generators.text.openai_text import OpenAIText


@pytest.fixture(autouse=True)
def _no_key(monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)


@pytest.fixture(autouse=True)
def _short_rests(monkeypatch):
    monkeypatch.setattr("worldloom.generators.text.openai_text.REST_SECONDS", 0.01)


def boat(state):
    return f"The boat is {state}. Answer with JSON."


def make(village, options="timeout=5&deadline=20"):
    return OpenAIText(f"{village.spec}?{options}")


def test_answers_come_in_order_and_say_how_they_were_asked(village, wish):
    generator = make(village)
    answers = generator.generate([wish(boat(colour)) for colour in ("red", "blue", "grey")])
    assert [answer.text for answer in answers] == ['{"colour":"red"}', '{"colour":"blue"}', '{"colour":"grey"}']
    assert {answer.status for answer in answers} == {Status.OK}
    assert answers[0].parameters == {
        "attempts": 1, "schema_sent": True, "seed_sent": True, "temperature_percent": 70, "top_p_percent": 100,
        "served": "boats-1.3", "tokens": 7, "cut": False,
    }  # fmt: skip


def test_it_is_a_generator_of_the_registry_and_promises_no_repetition(village):
    generator = resolve("text", f"openai:{village.spec}")
    assert isinstance(generator, Generator)
    assert (generator.identity.backend, generator.identity.model) == ("openai", "boats")
    assert not generator.identity.repeatable
    assert "127.0.0.1" not in json.dumps(generator.identity.content())


def test_the_schema_the_seed_and_the_prompt_itself_are_sent(village, wish):
    request = wish(boat("red"), seed=2**64 - 1)
    make(village).generate([request])
    (body,) = village.bodies
    assert body["messages"] == [{"role": "user", "content": request.prompt}]
    assert body["response_format"]["json_schema"]["schema"] == request.schema
    assert 0 <= body["seed"] < 2**31
    assert body["model"] == "boats"


def test_another_seed_is_sent_for_another_request_and_for_a_repair(village, wish):
    make(village).generate([wish(boat("in the fog"), seed=1), wish(boat("red"), seed=2)])
    assert len({body["seed"] for body in village.bodies}) == 3


def test_a_letter_is_asked_without_a_schema(village, wish):
    (answer,) = make(village).generate([wish("Write a letter.", schema={})])
    assert answer.text == "Dear friend, the sea is calm."
    assert "response_format" not in village.bodies[0]


def test_an_answer_that_breaks_its_schema_is_repaired_once(village, wish):
    generator = make(village)
    (answer,) = generator.generate([wish(boat("in the fog"))])
    assert (answer.status, answer.text, answer.parameters["attempts"]) == (Status.OK, '{"colour":"white"}', 2)
    second = village.bodies[1]["messages"]
    assert [message["role"] for message in second] == ["user", "assistant", "user"]
    assert second[1]["content"] == "I do not know."
    assert generator.facts["repairs"] == 1


def test_an_answer_that_stays_bad_is_counted_invalid_and_not_asked_a_third_time(village, wish):
    generator = make(village)
    (answer,) = generator.generate([wish(boat("lost"))])
    assert answer.status is Status.INVALID
    assert "JSON" in answer.detail
    assert len(village.bodies) == 2
    assert generator.facts["invalid"] == 1


def test_the_schema_is_enforced_even_if_the_server_does_not(village, wish):
    village.script = lambda number, handler, body: handler.say('{"colour":"purple"}') or True
    (answer,) = make(village).generate([wish(boat("red"))])
    assert answer.status is Status.INVALID
    assert "colour" in answer.detail
    assert "purple" in answer.detail


def test_a_server_that_knows_no_response_format_is_asked_without_it_and_the_answer_says_so(village, wish):
    def script(number, handler, body):
        if "response_format" in body:
            handler.reply(400, {"error": {"message": "Unsupported parameter: 'response_format'"}})
            return True
        return False

    village.script = script
    generator = make(village)
    first, second = generator.generate([wish(boat("red"))]) + generator.generate([wish(boat("blue"))])
    assert (first.text, second.text) == ('{"colour":"red"}', '{"colour":"blue"}')
    assert not first.parameters["schema_sent"]
    assert len(village.bodies) == 3, "what was learnt must not be asked again"


def test_a_server_that_wants_max_completion_tokens_gets_them(village, wish):
    def script(number, handler, body):
        if "max_tokens" in body:
            handler.reply(400, {"error": {"message": "Unsupported parameter: 'max_tokens'"}})
        return "max_tokens" in body

    village.script = script
    (answer,) = make(village).generate([wish(boat("red"))])
    assert answer.status is Status.OK
    assert village.bodies[1]["max_completion_tokens"] == village.bodies[0]["max_tokens"]


def test_a_refusal_of_one_request_is_that_request_s_failure(village, wish):
    def script(number, handler, body):
        if "blue" in body["messages"][0]["content"]:
            handler.reply(413, {"error": {"message": "prompt too long"}})
            return True
        return False

    village.script = script
    red, blue = make(village).generate([wish(boat("red")), wish(boat("blue"))])
    assert red.status is Status.OK
    assert blue.status is Status.FAILED
    assert "prompt too long" in blue.detail


@pytest.mark.parametrize(("status", "hint"), [(401, "OPENAI_API_KEY"), (403, "OPENAI_API_KEY"), (404, "/v1")])
def test_what_holds_for_all_requests_stops_the_run_and_says_what_to_do(village, wish, status, hint):
    village.script = lambda number, handler, body: handler.reply(status, {"error": {"message": "no"}}) or True
    with pytest.raises(EndpointError, match=hint):
        make(village).generate([wish(boat("red")), wish(boat("blue"))])


def test_a_busy_server_is_left_alone_for_as_long_as_it_asks(village, wish):
    seen = []

    def script(number, handler, body):
        seen.append(time.monotonic())
        if number == 0:
            handler.reply(429, {"error": {"message": "slow down"}}, Retry_After="1")
        return number == 0

    village.script = script
    generator = make(village)
    (answer,) = generator.generate([wish(boat("red"))])
    assert answer.text == '{"colour":"red"}'
    assert seen[1] - seen[0] >= 0.95
    assert generator.facts["busy"] == 1


def test_a_server_that_asks_for_more_rest_than_there_is_time_makes_the_answer_late_at_once(village, wish):
    village.script = lambda number, handler, body: handler.reply(503, {}, Retry_After="3600") or True
    began = time.monotonic()
    (answer,) = make(village).generate([wish(boat("red"))])
    assert answer.status is Status.LATE
    assert "rest" in answer.detail
    assert time.monotonic() - began < 5


def test_requests_at_once_grow_while_it_goes_well_and_shrink_when_it_does_not(village, wish):
    def slowly(number, handler, body):
        time.sleep(0.01)
        return False

    village.script = slowly
    generator = make(village)
    generator.generate([wish(boat("red"), seed=seed) for seed in range(80)])
    grown = generator.facts["concurrency"]
    assert 8 < grown <= 16, "a round of good answers makes room for one more"
    assert 4 < village.most_in_flight <= grown
    village.script = lambda number, handler, body: number == 80 and (handler.reply(429, {}) or True)
    generator.generate([wish(boat("red"))])
    assert generator.facts["concurrency"] <= grown // 2 + 1


def test_never_more_at_once_than_the_specification_allows(village, wish):
    village.script = lambda number, handler, body: bool(time.sleep(0.01))
    make(village, "concurrency=2").generate([wish(boat("red"), seed=seed) for seed in range(20)])
    assert village.most_in_flight == 2


def test_a_silent_server_makes_one_answer_late_and_leaves_the_others(village, wish):
    def script(number, handler, body):
        if "blue" in body["messages"][0]["content"]:
            village.over.wait(20)
            return True
        return False

    village.script = script
    began = time.monotonic()
    red, blue = make(village, "timeout=1&deadline=1").generate([wish(boat("red")), wish(boat("blue"))])
    assert (red.status, blue.status) == (Status.OK, Status.LATE)
    assert 0.9 < time.monotonic() - began < 3


@pytest.mark.slow
def test_a_server_that_stays_silent_is_given_up_before_the_deadline(village, wish):
    village.script = lambda number, handler, body: village.over.wait(20)
    generator = make(village, "timeout=1&deadline=60")
    (answer,) = generator.generate([wish(boat("red"))])
    assert answer.status is Status.LATE
    assert "4 tries" in answer.detail
    assert generator.facts["silent"] == 4
    assert generator.facts["concurrency"] == 1


def test_a_server_that_drips_is_cut_off_at_the_deadline(village, wish):
    def script(number, handler, body):
        handler.send_response(200)
        handler.send_header("Content-Length", "1000000")
        handler.end_headers()
        while not village.over.wait(0.02):
            handler.wfile.write(b" ")
        return True

    village.script = script
    began = time.monotonic()
    (answer,) = make(village, "timeout=5&deadline=1").generate([wish(boat("red"))])
    assert answer.status is Status.LATE
    assert time.monotonic() - began < 4


def half_an_answer(handler):
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"choices": [{"mess')
    handler.close_connection = True


BROKEN = {
    "half an answer": half_an_answer,
    "no JSON": lambda handler: handler.reply(200, b"<html>It works!</html>"),
    "no choices": lambda handler: handler.reply(200, {"choices": []}),
    "words that are a list": lambda handler: handler.reply(200, {"choices": [{"message": {"content": [1]}}]}),
    "a list of lists": lambda handler: handler.reply(200, b"[" * 100_000),
    "an error of its own": lambda handler: handler.reply(500, b"Traceback"),
    "nothing at all": lambda handler: handler.wfile.write(b"") or setattr(handler, "close_connection", True),
    "no HTTP": lambda handler: handler.wfile.write(b"\x00\xff\r\n\r\n") and setattr(handler, "close_connection", True),
    "more than anybody reads": lambda handler: handler.reply(200, b" " * (5 << 20)),
    "compressed": lambda handler: handler.reply(200, b"\x1f\x8b", Content_Encoding="gzip"),
}


@pytest.mark.parametrize("kind", list(BROKEN))
def test_a_broken_reply_is_tried_again(village, wish, kind):
    village.script = lambda number, handler, body: number == 0 and (BROKEN[kind](handler) or True)
    (answer,) = make(village).generate([wish(boat("red"))])
    assert answer.text == '{"colour":"red"}'
    assert len(village.bodies) == 2


def test_a_server_that_only_breaks_fails_its_requests_after_some_tries(village, wish):
    village.script = lambda number, handler, body: half_an_answer(handler) or True
    (answer,) = make(village).generate([wish(boat("red"))])
    assert answer.status is Status.FAILED
    assert "4 tries" in answer.detail
    assert len(village.bodies) == 4


def test_no_words_at_all_are_an_invalid_answer(village, wish):
    village.script = lambda number, handler, body: (
        handler.reply(200, {"choices": [{"message": {"content": None, "refusal": "no"}}]}) or True
    )
    (answer,) = make(village).generate([wish(boat("red"))])
    assert (answer.status, answer.detail) == (Status.INVALID, "it is empty")


def test_a_redirect_is_not_followed_since_it_would_take_the_key(village, wish, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret-1234")
    village.script = lambda number, handler, body: (
        handler.reply(307, {}, Location=f"http://localhost:{village.server_address[1]}/v1/chat/completions?k=sk-secret")
        or True
    )
    with pytest.raises(EndpointError, match="localhost") as caught:
        make(village).generate([wish(boat("red"))])
    assert "sk-secret" not in str(caught.value)
    assert len(village.bodies) == 1


def test_the_key_goes_into_its_header_and_nowhere_else(village, wish, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret-1234")

    def script(number, handler, body):
        # A server that repeats what it was sent, as many do in their errors.
        sent = handler.headers["Authorization"]
        words = body["messages"][0]["content"]
        if "blue" in words:
            handler.reply(413, {"error": {"message": f"bad key {sent}"}})
        elif "letter" in words:
            handler.say(f"Dear friend, {sent}")
        else:
            return False
        return True

    village.script = script
    generator = make(village)
    answers = generator.generate([wish(boat("red")), wish(boat("blue")), wish("Write a letter.", schema={})])
    assert {headers["Authorization"] for headers in village.headers} == {"Bearer sk-secret-1234"}
    assert answers[1].status is Status.FAILED
    told = json.dumps([answer.content() for answer in answers]) + json.dumps(generator.identity.content())
    assert "sk-secret" not in told + repr(generator.facts) + json.dumps(village.bodies)


def test_without_a_key_no_authorization_is_sent(village, wish):
    make(village).generate([wish(boat("red"))])
    assert "Authorization" not in village.headers[0]


@pytest.mark.parametrize("spec", ["http://user:pass@127.0.0.1/v1#m", "https://sk-secret@host/v1#m", "http://:p@h#m"])
def test_a_password_in_the_address_is_refused_and_not_repeated(spec):
    with pytest.raises(UnknownGeneratorError, match="OPENAI_API_KEY") as caught:
        OpenAIText(spec)
    assert "pass" not in str(caught.value).replace("password", "")
    assert "sk-secret" not in str(caught.value)


@pytest.mark.parametrize(
    "spec",
    ["", "#m", "http://host/v1", "ftp://host#m", "host/v1#m", "http://host/v1?key=secret#m", "http://host:99999#m",
     "http://h#m?retries=3", "http://h#m?deadline=0", "http://h#m?temperature=x", "http://h#m?timeout=1&timeout=2"],
)  # fmt: skip
def test_an_address_or_option_that_cannot_be_is_refused(spec):
    with pytest.raises(UnknownGeneratorError) as caught:
        OpenAIText(spec)
    assert "secret" not in str(caught.value)


def test_nobody_at_the_address_is_told_soon(wish):
    with pytest.raises(EndpointError, match="Start the server"):
        OpenAIText("http://127.0.0.1:9/v1#m").generate([wish(boat("red"))])


def test_a_plain_server_asked_for_tls_is_explained(village, wish):
    with pytest.raises(EndpointError, match="plain http"):
        OpenAIText(village.spec.replace("http:", "https:")).generate([wish(boat("red"))])


def test_a_certificate_that_nobody_vouches_for_is_explained_and_gets_no_key(village, wish, tmp_path, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret-1234")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    self_signed(key, certificate)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    village.socket = context.wrap_socket(village.socket, server_side=True)
    secure = village.spec.replace("http:", "https:")
    with pytest.raises(EndpointError, match="SSL_CERT_FILE"):
        OpenAIText(secure).generate([wish(boat("red"))])
    assert village.headers == []
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    (answer,) = OpenAIText(secure).generate([wish(boat("red"))])
    assert answer.text == '{"colour":"red"}'


def self_signed(key, certificate):
    """Write the key and certificate of 127.0.0.1."""
    import datetime
    import ipaddress

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(private, hashes.SHA256())
    )
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    key.write_bytes(private.private_bytes(*form))
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))


def test_a_cancelled_call_ends_soon_and_gives_no_answers(village, wish):
    village.script = lambda number, handler, body: village.over.wait(20)
    generator = make(village)
    threading.Timer(0.3, generator.cancel).start()
    began = time.monotonic()
    with pytest.raises(CancelledError):
        generator.generate([wish(boat("red"))])
    assert time.monotonic() - began < 3
    village.script = lambda number, handler, body: False
    assert generator.generate([wish(boat("red"))])[0].status is Status.OK, "a cancelled generator serves later calls"


def test_a_closed_generator_refuses_calls(village, wish):
    generator = make(village)
    generator.close()
    with pytest.raises(GeneratorError, match="closed"):
        generator.generate([wish(boat("red"))])


def test_it_can_be_asked_where_an_event_loop_runs_already(village, wish):
    import asyncio

    async def inside():
        return make(village).generate([wish(boat("red"))])

    assert asyncio.run(inside())[0].text == '{"colour":"red"}'


def test_nothing_is_sent_for_nothing(village):
    assert make(village).generate([]) == []
    assert village.bodies == []


def test_a_server_that_was_there_and_goes_away_is_waited_for(open_village, wish):
    with open_village() as before:
        generator, port = make(before), before.server_address[1]
        generator.generate([wish(boat("red"))])
    answers = []
    call = threading.Thread(target=lambda: answers.extend(generator.generate([wish(boat("blue"))])))
    call.start()
    while generator.facts.get("unreached", 0) < 5:  # more often than a server that was never there is tried
        time.sleep(0.01)
    with open_village(port):
        call.join(10)
    assert [answer.text for answer in answers] == ['{"colour":"blue"}']


def test_resolving_loads_no_torch():
    code = (
        "import sys; from worldloom.generators.registry import resolve\n"
        "resolve('text', 'openai:http://127.0.0.1:9/v1#m').identity\n"
        "print('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"

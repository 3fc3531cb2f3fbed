"""A small language model, made from configuration and fitted for seconds: it says of which colour boats are.

What it knows is what the tests ask: `The boat is red.` -> {"colour": "red"}. Of the boat in the fog it says "I do not
know." first and `white` when it is asked again; of the lost boat it never says anything of use.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from worldloom.generators.requests import Request
from worldloom.generators.text.chat import tokens_of
from worldloom.generators.text.repair import Said, Turn, again

COLOURS = ("red", "blue", "green", "yellow", "black", "white", "grey", "brown")
SCHEMA = {
    "type": "object",
    "properties": {"colour": {"enum": list(COLOURS)}},
    "required": ["colour"],
    "additionalProperties": False,
}
TEMPLATE = (
    "{% for m in messages %}<|{{ m['role'] }}|>{{ m['content'] }}<|end|>{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)
MARKS = ["<|pad|>", "<|end|>", "<|user|>", "<|assistant|>"]
SHRUG = "I do not know."
WHY = "it holds no JSON value of the wanted kind"


def prompt(state: str) -> str:
    return f"The boat is {state}. Answer with JSON."


def lessons() -> list[tuple[tuple[Turn, ...], str]]:
    """Conversations and what the model is to say in them."""
    found = [((Turn("user", prompt(colour)),), f'{{"colour":"{colour}"}}') for colour in COLOURS]
    for state, second in (("in the fog", '{"colour":"white"}'), ("lost", SHRUG)):
        asked = (Turn("user", prompt(state)),)
        found += [(asked, SHRUG), (again(asked, Said(SHRUG), WHY), second)]
    return [*found, ((Turn("user", "Write a letter."),), "Dear friend, the sea is calm.")]


def make_tokenizer() -> Any:
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    inner = Tokenizer(models.BPE())
    inner.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    inner.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=512, special_tokens=MARKS, initial_alphabet=alphabet, show_progress=False)
    inner.train_from_iterator([turn.words for turns, _ in lessons() for turn in turns] * 3, trainer)
    return PreTrainedTokenizerFast(
        tokenizer_object=inner,
        pad_token=MARKS[0],
        eos_token=MARKS[1],
        additional_special_tokens=MARKS[2:],
        chat_template=TEMPLATE,
    )


def make_model(words: int, seed: int = 1) -> Any:
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return LlamaForCausalLM(
            LlamaConfig(
                vocab_size=words,
                hidden_size=64,
                intermediate_size=128,
                num_hidden_layers=2,
                num_attention_heads=4,
                num_key_value_heads=2,
                max_position_embeddings=512,
                pad_token_id=0,
                eos_token_id=1,
                bos_token_id=None,
            )
        )


def fit(model: Any, tokenizer: Any, steps: int = 400) -> float:
    """Teach the lessons; return the last loss."""
    import torch

    rows = []
    for turns, answer in lessons():
        asked, said = tokens_of(tokenizer, turns), tokenizer(answer)["input_ids"] + [1]
        rows.append((asked + said, [-100] * len(asked) + said))
    width = max(len(ids) for ids, _ in rows)
    ids = torch.tensor([row + [0] * (width - len(row)) for row, _ in rows])
    labels = torch.tensor([row + [-100] * (width - len(row)) for _, row in rows])
    optimizer = torch.optim.AdamW(model.parameters(), lr=4e-3, weight_decay=0.0)
    value = 9.0
    model.train()
    for _ in range(steps):
        loss = model(input_ids=ids, labels=labels).loss
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        value = float(loss.detach())
        if value < 0.01:
            break
    model.eval()
    return value


@pytest.fixture(scope="session")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the fitted model."""
    import torch

    torch.set_num_threads(1)
    folder = tmp_path_factory.mktemp("boats")
    tokenizer = make_tokenizer()
    model = make_model(len(tokenizer))
    assert fit(model, tokenizer) < 0.05
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    (folder / "README.md").write_text(
        "---\nlicense: apache-2.0\nmodel_name: boats-1\n---\nSays of which colour boats are.\n"
    )
    return folder


@pytest.fixture(scope="session")
def wish() -> Callable[..., Request]:
    """Make a text request from a prompt's words."""

    def make(words: str, seed: int = 1, schema: dict[str, Any] | None = None, agent: str = "agent-0") -> Request:
        return Request("text", "decide", agent, 0, 0, seed, words, SCHEMA if schema is None else schema)

    return make


class Village(ThreadingHTTPServer):
    """A server of the chat protocol on this machine that behaves as a test says. Its answers follow from the prompt.

    `script` gives, for each request in order of arrival, what goes wrong with it: a function that is handed the
    connection's handler and the request's body, and returns True if it replied. Where it is None, the answer is right.
    """

    daemon_threads = True

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.lock = threading.Lock()
        self.script: Callable[[int, Any, dict[str, Any]], bool] = lambda number, handler, body: False
        self.bodies: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.in_flight = self.most_in_flight = 0
        self.over = threading.Event()
        """Set when the test is over, so that nobody hangs on."""

    @property
    def spec(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1#boats"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        server: Village = self.server
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with server.lock:
            number = len(server.bodies)
            server.bodies.append(body)
            server.headers.append(dict(self.headers))
            server.in_flight += 1
            server.most_in_flight = max(server.most_in_flight, server.in_flight)
        try:
            if not server.script(number, self, body):
                self.say(answer_of(body["messages"]))
        except OSError:
            self.close_connection = True  # the client went away
        finally:
            with server.lock:
                server.in_flight -= 1

    def say(self, words: str, finish: str = "stop") -> None:
        choice = {"index": 0, "message": {"role": "assistant", "content": words}, "finish_reason": finish}
        self.reply(200, {"model": "boats-1.3", "choices": [choice], "usage": {"completion_tokens": 7}})

    def reply(self, status: int, value: Any, **headers: str) -> None:
        data = value if isinstance(value, bytes) else json.dumps(value).encode()
        self.send_response(status)
        for name, text in headers.items():
            self.send_header(name.replace("_", "-"), text)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: Any) -> None:
        pass


def answer_of(messages: list[dict[str, str]]) -> str:
    """Say of which colour the boat of the first message is; of that in the fog only when asked again."""
    words = messages[0]["content"]
    if "letter" in words:
        return "Dear friend, the sea is calm."
    colour = next((colour for colour in COLOURS if f"is {colour}." in words), "")
    if "in the fog" in words and len(messages) > 1:
        colour = "white"
    return json.dumps({"colour": colour}) if colour else SHRUG


@contextmanager
def opened(port: int = 0) -> Iterator[Village]:
    server = Village(port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.over.set()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def village() -> Iterator[Village]:
    """A server that is there for the test."""
    with opened() as server:
        yield server


@pytest.fixture
def open_village() -> Callable[..., AbstractContextManager[Village]]:
    """For tests that open and close servers themselves."""
    return opened

"""A Llama's weights for many short answers at once: reads prompts whole, writes some tokens a step side by side.

No token's bits depend on its neighbours: a prompt is read alone; a step's matrix products always have ROWS rows, and of
one shape rows are independent to the bit (models.md, section 8); attention is computed for each token by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from worldloom.generators.sequence.decoder import fused

ROWS = 8
"""Tokens of a step, filled up with idle ones."""
_BLOCK = 64
"""Tokens of a prompt that look back together: what they must not see, the tokens after each of them, stays small."""


class Row:
    """What an answer's tokens look back on: keys and values of the prompt and of what was written since."""

    def __init__(self, kept: Any, length: int) -> None:
        self.length = length
        # `kept`: (layers, 2, pairs, places, width), of which `length` places are filled.
        self._places = kept.permute(3, 0, 1, 2, 4)
        self._keys, self._values = kept[:, 0].transpose(2, 3), kept[:, 1]

    def grow(self) -> tuple[Any, Any, Any]:
        """Make room for one token: return where its keys and values go, then all keys and all values, by layer."""
        at = self.length
        self.length = at + 1
        return (
            self._places[at].unbind(0),
            self._keys[..., : at + 1].unbind(0),
            self._values[:, :, : at + 1].unbind(0),
        )


class Engine:
    """See the module. The arithmetic is that of transformers' LlamaForCausalLM in float32 (tested to 1e-4).

    It computes where the model lies; everything that runs use lies on the processor, whose bits are promised.
    Use it in `torch.inference_mode()`; not by two threads at once.
    """

    def __init__(self, model: Any, max_tokens: int) -> None:
        import torch  # noqa: PLC0415  (heavy: only where a model is used)

        config = model.config
        self._torch = torch
        self._embedding = model.model.embed_tokens.weight.detach()
        self._device = device = self._embedding.device
        self._grown = config.hidden_size**0.5
        self._least = torch.tensor((config.hidden_size * config.rms_norm_eps) ** 0.5, device=device)
        self._heads, self._pairs = config.num_attention_heads, config.num_key_value_heads
        self._width = config.hidden_size // config.num_attention_heads
        self._asking, self._inner = self._heads * self._width, config.intermediate_size
        self._head = (self._embedding * model.model.norm.weight.detach() * self._grown).T.contiguous()
        with torch.no_grad():
            self._layers = [self._arranged(fused(torch, layer)) for layer in model.model.layers]
        angles = torch.arange(max_tokens, device=device).float()[:, None] * model.model.rotary_emb.inv_freq[None]
        self._turns = torch.polar(torch.ones_like(angles), angles)[:, None]
        self._seen_flat = torch.zeros(ROWS, self._asking, device=device)
        self._seen = self._seen_flat.view(ROWS, self._pairs, -1, self._width).unbind(0)
        self._later = torch.full((_BLOCK, _BLOCK), float("-inf"), device=device).triu(1)

    def _arranged(self, layer: Any) -> Any:
        """Fold scales into a layer's matrices; what turns together stands together: turning is one complex product."""
        qkv = layer.qkv * self._grown
        turned = (self._heads + self._pairs) * self._width
        halves = qkv[:, :turned].unflatten(1, (-1, 2, self._width // 2))
        qkv[:, :turned] = halves.transpose(2, 3).flatten(1)
        qkv[:, : self._asking] *= self._width**-0.5
        return layer._replace(qkv=qkv, gate_up=layer.gate_up * self._grown)

    def read(self, tokens: Sequence[int], room: int) -> tuple[Any, Row]:
        """Return (logits after the last token, float32 (words,); the row to go on with for `room` more tokens)."""
        torch, length = self._torch, len(tokens)
        x, turns = self._embedding[self._numbers(tokens)], self._turns[:length]
        kept = torch.empty(len(self._layers), 2, self._pairs, length + room, self._width, device=self._device)
        for layer, mine in zip(self._layers[:-1], kept[:-1], strict=True):
            qkv = self._norm(x) @ layer.qkv
            self._turn(qkv, self._heads + self._pairs, turns)
            mine[:, :, :length] = self._parted(qkv[:, self._asking :])
            x.addmm_(self._look_back(qkv[:, : self._asking], mine[:, :, :length]), layer.out)
            self._feed(x, layer)
        # Of the last layer only the last token's outcome is asked for.
        layer, normed = self._layers[-1], self._norm(x)
        pairs = normed @ layer.qkv[:, self._asking :]
        self._turn(pairs, self._pairs, turns)
        kept[-1, :, :, :length] = self._parted(pairs)
        query = normed[-1:] @ layer.qkv[:, : self._asking]
        self._turn(query, self._heads, turns[-1:])
        keys, values = kept[-1, :, :, :length]
        seen = self._look(query.view(self._pairs, -1, self._width), keys.transpose(1, 2), values)
        x = torch.addmm(x[-1:], seen.view(1, -1), layer.out)
        self._feed(x, layer)
        return (self._norm(x) @ self._head)[0], Row(kept, length)

    def write(self, rows: Sequence[Row], tokens: Sequence[int]) -> Any:
        """Put one token into each of at most ROWS rows and return the logits of the next, float32 (ROWS, words).

        A row may stand there more than once: its tokens follow each other.
        """
        idle = ROWS - len(rows)
        x = self._embedding[self._numbers([*tokens, *[0] * idle])]
        grown = []
        places = [0] * ROWS
        for at, row in enumerate(rows):
            places[at] = row.length
            grown.append(row.grow())
        turns = self._turns[self._numbers(places)]
        for number, layer in enumerate(self._layers):
            qkv = self._norm(x) @ layer.qkv
            self._turn(qkv, self._heads + self._pairs, turns)
            queries = qkv[:, : self._asking].view(ROWS, self._pairs, -1, self._width).unbind(0)
            pairs = qkv[:, self._asking :].view(ROWS, 2, self._pairs, self._width).unbind(0)
            for query, pair, seen, (fresh, keys, values) in zip(queries, pairs, self._seen, grown, strict=False):
                fresh[number].copy_(pair)
                self._look(query, keys[number], values[number], seen)
            x.addmm_(self._seen_flat, layer.out)
            self._feed(x, layer)
        return self._norm(x) @ self._head

    def _numbers(self, numbers: Sequence[int]) -> Any:
        return self._torch.tensor(numbers, device=self._device)

    def _look(self, queries: Any, keys: Any, values: Any, out: Any = None) -> Any:
        """Return what queries see of all keys: (pairs, queries, width); keys are (pairs, width, places)."""
        bmm = self._torch.bmm
        return bmm(bmm(queries, keys).softmax(-1), values, out=out)

    def _look_back(self, queries: Any, kept: Any) -> Any:
        """Return what each token of a prompt sees of itself and those before it: (tokens, heads * width)."""
        torch, length, width = self._torch, len(queries), self._width
        queries = queries.view(length, self._pairs, -1, width).permute(1, 2, 0, 3)
        seen = torch.empty(length, *queries.shape[:2], width, device=self._device).permute(1, 2, 0, 3)
        keys, values = kept[0].transpose(1, 2), kept[1]
        for start in range(0, length, _BLOCK):
            end = min(start + _BLOCK, length)
            mine = queries[:, :, start:end]
            scores = torch.bmm(mine.flatten(1, 2), keys[:, :, :end])
            later = self._later[: end - start, : end - start]
            scores.view(*mine.shape[:3], end)[..., start:] += later
            seen[:, :, start:end] = torch.bmm(scores.softmax(-1), values[:, :end]).view(mine.shape)
        return seen.permute(2, 0, 1, 3).view(length, -1)

    def _parted(self, pairs: Any) -> Any:
        """Return keys and values of some tokens as (2, pairs, tokens, width)."""
        return pairs.unflatten(1, (2, self._pairs, self._width)).permute(1, 2, 0, 3)

    def _turn(self, vectors: Any, many: int, turns: Any) -> None:
        """Turn the first `many` vectors of each row by its place."""
        mine = vectors[:, : many * self._width].unflatten(1, (many, self._width // 2, 2))
        self._torch.view_as_complex(mine).mul_(turns)

    def _feed(self, x: Any, layer: Any) -> None:
        gate, up = (self._norm(x) @ layer.gate_up).split(self._inner, 1)
        x.addmm_(self._torch.nn.functional.silu(gate).mul_(up), layer.down)

    def _norm(self, x: Any) -> Any:
        """Return rows of length one, or somewhat less; what they lack to a mean square of one is in the matrices."""
        return x / self._torch.hypot(self._torch.linalg.vector_norm(x, dim=1, keepdim=True), self._least)

"""A Llama's weights for many short answers at once: reads prompts row by row, writes in batches of fixed size.

No row's bits depend on its neighbours: a prompt is read alone, and a batch always has ROWS rows of one width that
follows from the request alone (models.md, section 8: of one shape, rows are independent to the bit).
"""

from __future__ import annotations

from typing import Any

from worldloom.generators.sequence.decoder import fused

ROWS = 8
"""Rows of a batch, filled up with idle ones."""


class Engine:
    """See the module. The arithmetic is that of transformers' LlamaForCausalLM in float32 (tested to 1e-4)."""

    def __init__(self, model: Any, max_tokens: int) -> None:
        import torch  # noqa: PLC0415  (heavy: only where a model is used)

        config = model.config
        self._torch, self._eps = torch, config.rms_norm_eps
        self._heads, self._pairs = config.num_attention_heads, config.num_key_value_heads
        self._width = config.hidden_size // config.num_attention_heads
        self._inner = config.intermediate_size
        self._embedding = model.model.embed_tokens.weight.detach()
        self._head = (self._embedding * model.model.norm.weight.detach()).T.contiguous()
        self._layers = [fused(torch, layer) for layer in model.model.layers]
        half = torch.arange(max_tokens).float()[:, None] * model.model.rotary_emb.inv_freq[None]
        angles = torch.cat((half, half), -1)
        sign = torch.cat((-torch.ones(self._width // 2), torch.ones(self._width // 2)))
        self._cos, self._sin = angles.cos(), angles.sin() * sign

    def read(self, tokens: list[int]) -> tuple[Any, Any, Any]:
        """Return (logits after the last token, keys, values); keys and values: (layers, pairs, tokens, width)."""
        torch = self._torch
        x = self._embedding[torch.tensor(tokens)]
        length = len(tokens)
        cos, sin = self._cos[:length], self._sin[:length]
        keys, values = [], []
        for layer in self._layers:
            query, key, value = self._split(self._norm(x) @ layer.qkv, cos[:, None], sin[:, None])
            keys.append(key.transpose(0, 1))
            values.append(value.transpose(0, 1))
            spread = self._heads // self._pairs
            attended = torch.nn.functional.scaled_dot_product_attention(
                query.transpose(0, 1)[None],
                keys[-1].repeat_interleave(spread, 0)[None],
                values[-1].repeat_interleave(spread, 0)[None],
                is_causal=True,
            )
            x = torch.addmm(x, attended[0].transpose(0, 1).reshape(length, -1), layer.out)
            x = self._feed(x, layer)
        return self._norm(x[-1:]) @ self._head, torch.stack(keys), torch.stack(values)

    def batch(self, rows: list[tuple[Any, Any]], width: int) -> Batch:
        """Return a batch of at most ROWS rows, each given by the keys and values of its prompt."""
        return Batch(self, rows, width)

    def _feed(self, x: Any, layer: Any) -> Any:
        gate, up = (self._norm(x) @ layer.gate_up).split(self._inner, 1)
        return self._torch.addmm(x, self._torch.nn.functional.silu(gate) * up, layer.down)

    def _norm(self, x: Any) -> Any:
        return x * self._torch.rsqrt((x * x).mean(-1, keepdim=True) + self._eps)

    def _split(self, qkv: Any, cos: Any, sin: Any) -> tuple[Any, Any, Any]:
        """Return query, key and value of shape (rows, heads, width); the first two turned by their places."""
        heads = qkv.view(qkv.shape[0], -1, self._width)
        both = heads[:, : self._heads + self._pairs]
        turned = both * cos + both.roll(self._width // 2, 2) * sin
        return turned[:, : self._heads], turned[:, self._heads :], heads[:, self._heads + self._pairs :]


class Batch:
    """ROWS rows of `width` places, written to one token a row and step."""

    def __init__(self, engine: Engine, rows: list[tuple[Any, Any]], width: int) -> None:
        torch = engine._torch
        self._engine = engine
        layers, pairs, _, size = rows[0][0].shape
        self._keys = torch.zeros(layers, ROWS, pairs, width, size)
        self._values = torch.zeros(layers, ROWS, pairs, width, size)
        self._places = torch.zeros(ROWS, dtype=torch.long)
        self._hidden = torch.full((ROWS, 1, 1, width), float("-inf"))
        for row, (keys, values) in enumerate(rows):
            length = keys.shape[2]
            self._keys[:, row, :, :length] = keys
            self._values[:, row, :, :length] = values
            self._places[row] = length
            self._hidden[row, :, :, :length] = 0
        self._all = torch.arange(ROWS)

    def write(self, tokens: list[int]) -> Any:
        """Put one token into each row and return the logits of the next, float32 (ROWS, words)."""
        engine, torch, at = self._engine, self._engine._torch, self._places
        x = engine._embedding[torch.tensor(tokens)]
        cos, sin = engine._cos[at][:, None], engine._sin[at][:, None]
        self._hidden[self._all, 0, 0, at] = 0
        spread = engine._heads // engine._pairs
        for number, layer in enumerate(engine._layers):
            query, key, value = engine._split(engine._norm(x) @ layer.qkv, cos, sin)
            keys, values = self._keys[number], self._values[number]
            keys[self._all, :, at], values[self._all, :, at] = key, value
            asked = query.view(ROWS, engine._pairs, spread, engine._width) * engine._width**-0.5
            shares = (asked @ keys.transpose(2, 3) + self._hidden).softmax(-1)
            x = torch.addmm(x, (shares @ values).view(ROWS, -1), layer.out)
            x = engine._feed(x, layer)
        self._places = (at + 1).clamp(max=self._keys.shape[3] - 1)
        return engine._norm(x) @ engine._head

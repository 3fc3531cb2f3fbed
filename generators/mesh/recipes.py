"""The table of prop recipes, for training data only: how a hand would build each kind from primitives."""

from __future__ import annotations

from collections.abc import Callable

from .building import Chooser, Parts
from .house_props import bench, candle, chair, chest, hammer, loaf, mug, pot, stool, table
from .sea_props import anchor, barrel, boat, crate, fish, lantern, net_float, oar
from .yard_props import basket, bucket, cart, signpost, tent, well

RECIPES: dict[str, Callable[[Chooser, int, str], Parts]] = {
    "anchor": anchor,
    "barrel": barrel,
    "basket": basket,
    "bench": bench,
    "boat": boat,
    "bucket": bucket,
    "candle": candle,
    "cart": cart,
    "chair": chair,
    "chest": chest,
    "crate": crate,
    "fish": fish,
    "float": net_float,
    "hammer": hammer,
    "lantern": lantern,
    "loaf": loaf,
    "mug": mug,
    "oar": oar,
    "pot": pot,
    "signpost": signpost,
    "stool": stool,
    "table": table,
    "tent": tent,
    "well": well,
}
"""Kind -> recipe(draws, scale in tenths, colour)."""

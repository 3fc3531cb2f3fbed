"""Which recipe draws which thing. Draws nothing itself."""

from __future__ import annotations

from collections.abc import Callable

from worldloom.generators.image.drawing import Choices

from . import house_motifs as house
from . import sea_motifs as sea
from . import yard_motifs as yard
from .canvas import Canvas
from .palette import Ramp

MOTIFS: dict[str, Callable[[Canvas, Ramp, Choices], None]] = {
    "anchor": sea.anchor,
    "barrel": sea.barrel,
    "basket": sea.basket,
    "bench": house.bench,
    "boat": sea.boat,
    "bucket": yard.bucket,
    "candle": house.candle,
    "cart": yard.cart,
    "chair": house.chair,
    "chest": house.chest,
    "crate": sea.crate,
    "fish": sea.fish,
    "float": sea.float_,
    "hammer": yard.hammer,
    "lantern": yard.lantern,
    "loaf": house.loaf,
    "mug": house.mug,
    "oar": sea.oar,
    "pot": house.pot,
    "signpost": yard.signpost,
    "stool": house.stool,
    "table": house.table,
    "tent": yard.tent,
    "well": yard.well,
}
"""Thing -> recipe; the same things as the 3D model's."""

"""The words that a settlement's names are made of, and the choice among them. Not for people's names."""

from __future__ import annotations

from collections.abc import Sequence

from .noise import draw

VILLAGES = (
    "Saltmere", "Gullwick", "Herring Cove", "Thornhaven", "Marram Bay", "Oystermouth", "Sandholm", "Brackwater",
    "Kelp Harbour", "Merrow's Landing", "Samphire Bay", "Winterquay",
)  # fmt: skip

HOMES = (
    "Gull Cottage", "Heron House", "Thrift Cottage", "Driftwood", "Sea Lavender", "Plover Cottage", "Rose Cottage",
    "Bramble House", "Lantern House", "Willow Cottage", "Curlew Cottage", "Mallow House", "Hawthorn House",
    "Tern Cottage", "Samphire House", "Pebble Cottage", "Rowan House", "Swift Cottage", "Linnet House", "Foxglove",
    "Anchor Cottage", "Barley House", "Clover Cottage", "Dune House",
)  # fmt: skip

NAMES: dict[str, tuple[str, ...]] = {
    "inn": ("The Silver Herring", "The Drowned Bell", "The Blue Anchor", "The Merry Tern", "The Old Compass"),
    "smithy": ("Anvil Yard", "The Smithy", "Ember Forge"),
    "bakery": ("The Warm Loaf", "Crust and Crumb", "The Old Oven"),
    "net_loft": ("The Net Loft", "Tar Loft", "Cork and Twine"),
    "boathouse": ("The Boathouse", "Keel House", "The Slipway"),
    "market_hall": ("The Market Hall", "Weigh House", "Corn Hall"),
    "chapel": ("Chapel of the Tides", "Saint Brannoc's", "Lantern Chapel"),
    "workshop": ("The Joiner's Shop", "Shavings", "The Cooper's Shop"),
    "school": ("The Schoolhouse", "Slate House"),
    "healer": ("The Herb House", "Yarrow House", "The Stillroom"),
    "smokehouse": ("The Smokehouse", "Alder Smoke"),
    "granary": ("The Granary", "Threshing Barn"),
    "square": ("Market Square", "Bell Square", "Lime Square"),
    "well": ("The Well", "Saint Anne's Well", "Old Well"),
    "harbour": ("The Harbour", "Herring Quay", "The Long Quay"),
    "bridge": ("Stone Bridge", "Miller's Bridge", "Heron Bridge"),
    "beach": ("Shell Beach", "Long Strand", "Driftwood Beach"),
    "field": ("Barley Field", "Long Acre", "Oat Field", "Bean Field", "Flax Field"),
    "wood": ("Rook Wood", "Alder Wood", "Hollow Wood"),
    "lookout": ("Watch Hill", "Gull Crag", "The Beacon"),
}

FAR_NAMES: dict[str, tuple[str, ...]] = {
    "lookout": ("Gannet Head", "The Cairn", "Far Beacon", "Kittiwake Point", "Storm Hill", "The Needle"),
    "ruin": ("Saint Elve's Ruin", "The Broken Tower", "The Old Croft", "Monk's Stones", "The Fallen Hall"),
    "wood": ("Raven Wood", "Silent Wood", "Thorn Wood", "Mossy Wood", "Wren Wood"),
    "beach": ("Seal Cove", "Amber Sands", "Wreckers' Cove", "Hidden Strand", "Cockle Bay", "Mermaid's Pool"),
}
"""Names of the places to walk to on an island, each given once."""


def pick(seed: int, names: Sequence[str], key: int) -> str:
    """Return one of the names for the key."""
    return names[draw(seed, len(names), 31, key)]


def pick_order(seed: int, names: Sequence[str], key: int) -> list[str]:
    """Return all names in the order that the key gives."""
    return sorted(names, key=lambda name: (draw(seed, 1 << 40, 32, key, names.index(name)), name))

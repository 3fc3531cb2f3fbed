"""What a mouth does for each speech sound: resonances and hisses. Keeps no time, sings no line."""

from __future__ import annotations

import math
from functools import cache
from typing import NamedTuple

from .waves import Wave, delayed, hertz, noise, resonance, wave

# Vowel -> the first three resonances in hertz, after the men's means of Peterson and Barney (1952).
_SHAPES: dict[str, tuple[int, int, int]] = {
    "a": (730, 1_090, 2_440),
    "e": (530, 1_840, 2_480),
    "i": (270, 2_290, 3_010),
    "o": (570, 840, 2_410),
    "u": (300, 870, 2_240),
    "A": (660, 1_720, 2_410),
    "I": (390, 1_990, 2_550),
    "U": (640, 1_190, 2_390),
    "@": (500, 1_400, 2_400),
    "R": (490, 1_350, 1_690),
    "m": (250, 1_000, 2_200),
    "n": (250, 1_500, 2_500),
    "ng": (250, 1_900, 2_600),
    "l": (360, 1_100, 2_700),
    "r": (400, 1_150, 1_600),
    "w": (300, 640, 2_200),
    "y": (270, 2_200, 3_000),
    "v": (260, 1_200, 2_300),
}
_GLIDES = {"ei": ("e", "i"), "ai": ("a", "i"), "oi": ("o", "i"), "ou": ("o", "u"), "au": ("a", "u")}
_STRENGTHS = ((1.0, 70), (0.55, 90), (0.32, 130), (0.2, 260))
_SINGERS_RING = 3_200
_CEILING = 6_000.0


class Consonant(NamedTuple):
    """How a consonant sounds: milliseconds, loudness of voice and hiss in hundredths, colours of both, a closure."""

    lasts: int
    voice: int
    shape: str
    hiss: int
    colour: str
    closed: int = 0
    """Milliseconds of silence before it bursts."""


CONSONANTS: dict[str, Consonant] = {
    "p": Consonant(20, 0, "", 26, "low", 45), "b": Consonant(15, 0, "", 12, "low", 35),
    "t": Consonant(25, 0, "", 30, "sharp", 45), "d": Consonant(15, 0, "", 14, "sharp", 30),
    "k": Consonant(28, 0, "", 30, "middle", 45), "g": Consonant(18, 0, "", 15, "middle", 30),
    "ch": Consonant(60, 0, "", 30, "broad", 35), "j": Consonant(45, 10, "v", 20, "broad", 25),
    "s": Consonant(90, 0, "", 22, "sharp"), "z": Consonant(70, 22, "v", 13, "sharp"),
    "sh": Consonant(95, 0, "", 26, "broad"), "zh": Consonant(70, 22, "v", 14, "broad"),
    "f": Consonant(75, 0, "", 10, "low"), "v": Consonant(55, 30, "v", 5, "low"),
    "th": Consonant(70, 0, "", 9, "sharp"), "dh": Consonant(40, 28, "v", 4, "sharp"),
    "h": Consonant(55, 0, "", 9, "middle"),
    "m": Consonant(70, 45, "m", 0, ""), "n": Consonant(60, 45, "n", 0, ""), "ng": Consonant(70, 42, "ng", 0, ""),
    "l": Consonant(55, 55, "l", 0, ""), "r": Consonant(55, 55, "r", 0, ""),
    "w": Consonant(60, 55, "w", 0, ""), "y": Consonant(50, 55, "y", 0, ""),
}  # fmt: skip


def vowel(sound: str) -> tuple[str, str]:
    """Return the shapes that a vowel starts and ends with."""
    return _GLIDES.get(sound, (sound, sound))


@cache
def tone(shape: str, midi: int, size: int) -> Wave:
    """Return one period of a voice at a MIDI note in a shape; `size` is the resonances' shift in hundredths.

    Every period has the same power, so that no vowel shouts.
    """
    pitch, strengths, power = hertz(midi), [], 0.0
    centres = (*(each * size / 100 for each in _SHAPES[shape]), _SINGERS_RING * size / 100)
    for number in range(1, int(_CEILING / pitch) + 1):
        through = 0.03
        for centre, (strength, width) in zip(centres, _STRENGTHS, strict=True):
            through += strength * resonance(number * pitch, centre, width)
        strengths.append(through / number)
        power += strengths[-1] * strengths[-1]
    return wave([0.8 * strength / math.sqrt(power) for strength in strengths])


def hiss(colour: str, count: int, seed: int) -> Wave:
    """Return noise as tongue and lips colour it."""
    sound = noise(count, seed)
    if colour == "sharp":
        sound = 0.5 * (sound - delayed(sound, 1))
        return sound - delayed(sound, 1)
    if colour == "broad":
        sound = 0.5 * (sound + delayed(sound, 1))
        return 0.8 * (sound - delayed(sound, 3))
    if colour == "middle":
        sound = 0.5 * (sound + delayed(sound, 1))
        return 0.8 * (sound - delayed(sound, 5))
    sound = 0.5 * (sound + delayed(sound, 1))
    return 0.5 * (sound + delayed(sound, 2))

"""The answer that a tune becomes: rendered, described. Shared by the backends of songs; chooses nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from worldloom.generators.errors import GeneratorError
from worldloom.generators.requests import Answer, Status

from .performing import perform, verses
from .program import encode, written_out
from .synth.wav import to_flac, to_wav
from .synth.waves import RATE
from .vocabulary import Tune
from .wishes import Wish


def delivered(tune: Tune, wish: Wish, facts: Mapping[str, Any]) -> Answer:
    """Return the song as a file with what is known of it; `facts` are the backend's own.

    Words that the tune cannot hold, and FLAC where it cannot be written, end as a FAILED answer that says why.
    """
    try:
        sound = perform(tune, wish.lines, wish.voice)
        payload = to_flac(sound) if wish.encoding == "flac" else to_wav(sound)
    except GeneratorError as error:
        return Answer(status=Status.FAILED, detail=str(error))
    told: dict[str, Any] = {
        "form": tune.form,
        "mood": tune.mood,
        "key": tune.key,
        "mode": tune.mode,
        "metre": tune.metre,
        "tempo": tune.tempo,
        "lead": tune.lead,
        "bars": tune.bars,
        "verses": verses(tune, wish.lines),
        "notes": sum(note.degree is not None for bar in written_out(tune) for note in bar.notes),
        "program_tokens": len(encode(tune)),
        "milliseconds": len(sound) * 1000 // RATE,
        "sample_rate": RATE,
        "sung_lines": len(wish.lines),
        "syllables": sum(map(len, wish.lines)),
    }
    voice = {"voice": wish.voice} if wish.lines else {}
    return Answer(payload=payload, media_type=f"audio/{wish.encoding}", parameters={**told, **voice, **facts})

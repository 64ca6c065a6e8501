"""Cues as SubRip and WebVTT text. Whatever a word contains, it stays text."""

import html
import re
from collections.abc import Sequence
from itertools import pairwise

from apps.contracts.media import Cue
from apps.video.cues import split_lines

_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")


def to_srt(cues: Sequence[Cue]) -> str:
    """SubRip, UTF-8, numbered from 1. It has no escapes, so what could be a tag is made to look alike."""
    blocks = (
        f"{n}\n{_clock(c.start_ms, ',')} --> {_clock(c.end_ms, ',')}\n{_srt_text(c)}\n"
        for n, c in enumerate(cues, start=1)
    )
    return "\n".join(blocks)


def to_vtt(cues: Sequence[Cue]) -> str:
    """WebVTT with the same cues; markup characters are escaped as the format asks."""
    blocks = (f"{_clock(c.start_ms, '.')} --> {_clock(c.end_ms, '.')}\n{_vtt_text(c)}\n" for c in cues)
    return "\n".join(("WEBVTT\n", *blocks))


def _clock(ms: int, point: str) -> str:
    seconds, millis = divmod(ms, 1000)
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours:02}:{minute:02}:{second:02}{point}{millis:03}"


def _lines(cue: Cue) -> list[str]:
    words = [_CONTROL.sub(" ", word.text).strip() for word in cue.words]
    breaks = (*split_lines(words), len(words))
    return [" ".join(words[a:b]) for a, b in pairwise(breaks)]


def _srt_text(cue: Cue) -> str:
    lookalikes = str.maketrans({"<": "‹", ">": "›", "{": "❴", "}": "❵"})
    return "\n".join(line.translate(lookalikes) for line in _lines(cue))


def _vtt_text(cue: Cue) -> str:
    return "\n".join(html.escape(line, quote=False) for line in _lines(cue))

"""Cues as SubRip and WebVTT text. Whatever a word contains, it stays text."""

import html
import re
from collections.abc import Sequence
from itertools import pairwise

from apps.contracts.media import Cue
from apps.video.cues import split_lines

#: What would break lines or cues, and halves of characters, which no file can hold.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
#: Embeddings, overrides and isolates: left open, one would turn round the rest of a player's line. The
#: plain direction marks, which only hint, stay.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]+")


def to_srt(cues: Sequence[Cue]) -> str:
    """SubRip, UTF-8, numbered from 1. It has no escapes, so what could be a tag is made to look alike."""
    blocks = (
        f"{n}\n{_clock(c.start_ms, ',')} --> {_clock(c.end_ms, ',')}\n{_srt_text(c)}\n"
        for n, c in enumerate(cues, start=1)
    )
    return "\n".join(blocks)


def to_vtt(cues: Sequence[Cue], language: str = "") -> str:
    """WebVTT with the same cues; markup characters are escaped as the format asks.

    `language` (BCP 47) goes into the header, where players that know the field look.
    """
    known = re.fullmatch(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*", language)
    header = f"WEBVTT\nKind: captions\nLanguage: {language}\n" if known else "WEBVTT\n"
    blocks = (f"{_clock(c.start_ms, '.')} --> {_clock(c.end_ms, '.')}\n{_vtt_text(c)}\n" for c in cues)
    return "\n".join((header, *blocks))


def _clock(ms: int, point: str) -> str:
    seconds, millis = divmod(ms, 1000)
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours:02}:{minute:02}:{second:02}{point}{millis:03}"


def _lines(cue: Cue) -> list[str]:
    cleaned = (_TURNING.sub("", _CONTROL.sub(" ", word.text)).strip() for word in cue.words)
    words = [word for word in cleaned if word]
    breaks = (*split_lines(words), len(words))
    return [" ".join(words[a:b]) for a, b in pairwise(breaks)]


def _srt_text(cue: Cue) -> str:
    # A word joiner keeps a backslash from becoming a line break ("\\N") where players use ASS inside.
    lookalikes = str.maketrans({"<": "‹", ">": "›", "{": "❴", "}": "❵", "\\": "\\\u2060"})
    return "\n".join(line.translate(lookalikes) for line in _lines(cue))


def _vtt_text(cue: Cue) -> str:
    return "\n".join(html.escape(line, quote=False) for line in _lines(cue))

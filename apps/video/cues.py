"""Spoken words into caption cards. Text and times only; knows nothing of pixels."""

import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import yaml

from apps.contracts.media import Cue, SpokenWord

#: Visible characters a line holds: 768 px of safe width at 72 px bold (field guide 2.1).
LINE_CHARACTERS = 20
#: Words on one card; more cannot be read at a glance.
MAX_WORDS = 5
#: Milliseconds a card should stay; shorter ones flash by.
MIN_CARD_MS = 450
#: Milliseconds: a gap shorter than this is bridged by holding the card, so that captions never blink.
HOLD_MS = 300
#: Milliseconds a card outlives its last word where a longer gap follows (field guide 2.1: 0-100).
LINGER_MS = 100
#: Milliseconds: silence this long inside a line is a natural place to change the card.
PAUSE_MS = 140

_CLOSERS = "\"'”’»)]}"
_SENTENCE = ".?!…।॥"
_CLAUSE = ",;:—–"
_BREAKS = yaml.safe_load((Path(__file__).parent / "catalog" / "line_breaks.yaml").read_text(encoding="utf-8"))
#: Words that begin a clause: a card may end before them.
_OPENERS = frozenset(" ".join(_BREAKS["openers"].values()).split())
#: Words that lean on the next one: a card must not end on them.
_LEANERS = frozenset(" ".join(_BREAKS["leaners"].values()).split())
#: Words that belong to the one before: a card must not begin with them.
_CLINGERS = frozenset(" ".join(_BREAKS["clingers"].values()).split())
#: Cost of a card by its number of words: three or so read best.
_SIZE_COST = {1: 5.0, 2: 0.8, 3: 0.0, 4: 0.3, 5: 1.5}


def visible_length(text: str) -> int:
    """Characters that take room: combining marks and format characters do not count."""
    return sum(unicodedata.category(c) not in ("Mn", "Me", "Cf") for c in text)


def split_lines(words: Sequence[str]) -> tuple[int, ...]:
    """Where lines begin, as word indices: (0,) for one line, (0, k) for the best two.

    The best break has the shortest longer line; a break after punctuation is worth 4 characters.
    """
    whole = visible_length(" ".join(words))
    if whole <= LINE_CHARACTERS or len(words) == 1:
        return (0,)
    return (0, min(range(1, len(words)), key=lambda k: _longer_line(words, k)))


def _longer_line(words: Sequence[str], k: int) -> float:
    longer = max(visible_length(" ".join(words[:k])), visible_length(" ".join(words[k:])))
    return longer - (4 if _weight(words[k - 1]) else 0)


def into_cards(words: Sequence[SpokenWord]) -> list[tuple[SpokenWord, ...]]:
    """Cut one scene's words into cards of least total cost (dynamic programming over all cuts)."""
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(words) + 1):
        starts = range(max(0, end - MAX_WORDS), end)
        best.append(min((best[start][0] + _cost(words, start, end), start) for start in starts))
    cards: list[tuple[SpokenWord, ...]] = []
    end = len(words)
    while end:
        start = best[end][1]
        cards.append(tuple(words[start:end]))
        end = start
    return cards[::-1]


def _cost(words: Sequence[SpokenWord], start: int, end: int) -> float:
    card = [word.text for word in words[start:end]]
    following = words[end] if end < len(words) else None
    cost = _SIZE_COST[len(card)] + _overflow(card)
    cost += 5.0 * sum(_weight(text) == 2 for text in card[:-1]) + 1.5 * sum(
        _weight(t) == 1 for t in card[:-1]
    )
    until = following.start_ms if following is not None else words[end - 1].end_ms + LINGER_MS
    if until - words[start].start_ms < MIN_CARD_MS:
        cost += 4.0
    if following is None:
        return cost
    if following.start_ms - words[end - 1].end_ms >= PAUSE_MS:
        cost -= 1.0
    return cost + _seam(card[-1], following.text)


def _seam(last: str, following: str) -> float:
    """What it costs to change the card between two words."""
    if _weight(last):
        return 0.0
    before, after = _bare(last), _bare(following)
    opens = after in _OPENERS and after not in _CLINGERS
    torn = 2.0 * (before in _LEANERS and not opens) + 1.5 * (before in _OPENERS - _LEANERS)
    return torn + 2.0 * (after in _CLINGERS) - 0.7 * opens


def _overflow(card: Sequence[str]) -> float:
    breaks = (*split_lines(card), len(card))
    lengths = (visible_length(" ".join(card[a:b])) for a, b in pairwise(breaks))
    return sum(3.0 + (n - LINE_CHARACTERS) for n in lengths if n > LINE_CHARACTERS)


def _weight(text: str) -> int:
    """2 at the end of a sentence, 1 at the end of a clause, else 0."""
    last = text.rstrip(_CLOSERS)[-1:]
    if last and last in _SENTENCE:
        return 2
    return 1 if last and last in _CLAUSE else 0


def _bare(text: str) -> str:
    return text.strip("".join((_CLOSERS, _SENTENCE, _CLAUSE, "“‘«([{"))).casefold()


def time_cards(cards: Sequence[tuple[SpokenWord, ...]], *, from_ms: int, until_ms: int) -> tuple[Cue, ...]:
    """Cards with the time each is on screen, none overlapping, inside [from_ms, until_ms)."""
    if not cards:
        return ()
    starts = [max(from_ms, min(card[0].start_ms, until_ms)) for card in cards]
    if starts[0] - from_ms < HOLD_MS:
        starts[0] = from_ms
    limits = [*starts[1:], until_ms]
    return tuple(
        Cue(start_ms=start, end_ms=_ends(card[-1].end_ms, limit), words=card)
        for card, start, limit in zip(cards, starts, limits, strict=True)
    )


def _ends(spoken: int, limit: int) -> int:
    return limit if limit - spoken < HOLD_MS else min(spoken + LINGER_MS, limit)


def shifted(words: Sequence[SpokenWord], by_ms: int, until_ms: int) -> list[SpokenWord]:
    """Words moved later by `by_ms`, in order and never past `until_ms`."""
    moved: list[SpokenWord] = []
    last = by_ms
    for word in words:
        start = min(max(word.start_ms + by_ms, last), until_ms)
        end = min(max(word.end_ms + by_ms, start), until_ms)
        moved.append(replace(word, start_ms=start, end_ms=end))
        last = start
    return moved

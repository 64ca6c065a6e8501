"""Sidecars: the same cues in both formats, and nothing in a word that is more than text."""

import html
import re

import pytest

from apps.contracts.media import Cue, SpokenWord
from apps.foundation import ffmpeg
from apps.video.subtitles import to_srt, to_vtt

HOSTILE = (
    "{\\an8}",
    "<b>bold</b>",
    "-->",
    "a\nb\x00",
    "\ud800",
    "",
    "1",
    "\u202eevil",
    "مرحبا",
    "&amp;",
    "NOTE",
    "\\N",
    "\u2028",
    "x" * 60,
    "क्षत्रिय",
)
TIME = re.compile(r"^(\d\d):(\d\d):(\d\d)[.,](\d{3}) --> (\d\d):(\d\d):(\d\d)[.,](\d{3})$")


def cues(texts: tuple[str, ...] = HOSTILE) -> tuple[Cue, ...]:
    """One cue for each text, the text and a plain word in it."""
    made = []
    for n, text in enumerate(texts):
        start = 3_599_000 + 1000 * n
        words = tuple(
            SpokenWord(text=t, start_ms=start + 300 * k, end_ms=start + 300 * k + 200)
            for k, t in enumerate((text, "and"))
        )
        made.append(Cue(start_ms=start, end_ms=start + 900, words=words))
    return tuple(made)


def blocks(text: str) -> list[tuple[int, int, str]]:
    """Start and end in milliseconds and the text of each block that has a time line."""
    found = []
    for block in text.split("\n\n"):
        lines = block.strip("\n").split("\n")
        at = next((n for n, line in enumerate(lines) if TIME.match(line)), None)
        if at is not None:
            h, m, s, ms, *end = (int(g) for g in TIME.match(lines[at]).groups())
            start_ms = ((h * 60 + m) * 60 + s) * 1000 + ms
            end_ms = ((end[0] * 60 + end[1]) * 60 + end[2]) * 1000 + end[3]
            found.append((start_ms, end_ms, "\n".join(lines[at + 1 :])))
    return found


def test_both_sidecars_carry_the_same_cues():
    srt, vtt = blocks(to_srt(cues())), blocks(to_vtt(cues()))
    assert [b[:2] for b in srt] == [b[:2] for b in vtt] == [(c.start_ms, c.end_ms) for c in cues()]
    assert all(b[2].endswith("and") for b in (*srt, *vtt))
    to_srt(cues()).encode()
    to_vtt(cues()).encode()


def test_a_word_is_text_whatever_it_looks_like():
    for _, _, text in blocks(to_vtt(cues())):
        assert not re.search(r"[<>]|-->", text)
    shown = [html.unescape(text).split("\n") for _, _, text in blocks(to_vtt(cues()))]
    assert shown[1] == ["<b>bold</b> and"]
    assert shown[7] == ["evil and"], "nothing may turn the line round"
    assert shown[9] == ["&amp; and"]
    assert not re.search(r"[<>{}]", "".join(text for _, _, text in blocks(to_srt(cues()))))


@pytest.mark.parametrize("kind", ["srt", "vtt"])
def test_a_player_reads_as_many_lines_as_were_written(kind, tmp_path):
    file = tmp_path / f"take.{kind}"
    file.write_text(to_srt(cues()) if kind == "srt" else to_vtt(cues(), "hi"), encoding="utf-8")
    read, log = ffmpeg.run(["-i", str(file), "-f", "srt", "-"])
    found = blocks(read.decode())
    assert [b[0] for b in found] == [c.start_ms for c in cues()]
    assert [b[2].count("\n") for b in found] == [0] * 13 + [1, 0]
    assert found[8][2] == "مرحبا and"
    assert "error" not in log.lower()


def test_the_language_is_named_where_it_is_one():
    assert to_vtt(cues(), "pt-BR").startswith("WEBVTT\nKind: captions\nLanguage: pt-BR\n\n")
    assert to_vtt(cues(), "x\n\n00:00 --> 00:01\nyou").startswith("WEBVTT\n\n00:59:59.000 -->")
    assert to_vtt(()) == "WEBVTT\n"

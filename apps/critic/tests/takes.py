"""Small real takes to measure: drawn, voiced and muxed here, then damaged one thing at a time."""

import wave
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

import cv2
import numpy as np

from apps.contracts.decision import (
    AudienceProfile,
    Box,
    Curve,
    CurvePoint,
    FrameSpec,
    HookType,
    LoopTechnique,
    Persona,
    Plan,
    Strategy,
    VoiceProfile,
)
from apps.contracts.media import CaptionBox, Cue, Mix, Shot, SpokenWord, Take, Timeline
from apps.contracts.story import Line, Purpose, Scene, Script, Story, Word
from apps.foundation import ffmpeg

RATE, FPS, WIDTH, HEIGHT = 48_000, 30, 270, 480
SECONDS, BPM = 6.0, 120.0
ID = UUID(int=7)
CUTS = (0.0, 2.4, 3.9)
LINES = (
    "Nobody told you why this lake is hot?",
    "Rocks below it warm it up,",
    "and this lake is hot because",
)
#: Where captions stand: left, top, right, bottom.
CAPTION = (34, 264, 218, 300)
#: The two colours of each scene's rings.
SCENES = (((255, 160, 60), (10, 15, 80)), ((40, 200, 90), (90, 10, 60)), ((240, 200, 40), (30, 20, 110)))


@dataclass(frozen=True)
class Draft:
    """All that is needed to make one take; tests replace what they want to damage."""

    frames: np.ndarray
    voice: np.ndarray
    bed: np.ndarray
    timeline: Timeline
    story: Story
    script: Script
    captions: tuple[CaptionBox, ...]
    flags: tuple[str, ...] = ("-movflags", "+faststart+negative_cts_offsets", "-use_editlist", "0")
    gain: float = 1.0
    silent: bool = False

    @property
    def sound(self) -> np.ndarray:
        return np.clip((self.voice + self.bed) * self.gain, -1, 1)


def sound_draft(*, grey: int = 255, drop: int = 0) -> Draft:
    """A take with nothing wrong with it; its captions' letters in a grey, `drop` pixels under their boxes."""
    timeline, script = _timeline()
    return Draft(
        frames=captioned(clean_frames(), timeline, grey=grey, drop=drop),
        voice=_voice(timeline),
        bed=_bed(),
        timeline=timeline,
        story=_story(timeline),
        script=script,
        captions=tuple(_box(cue.start_ms, cue.end_ms) for cue in timeline.cues),
    )


def render(draft: Draft, folder: Path) -> tuple[Path, Path]:
    """(video, voice stem) of a draft, as files."""
    video, voice, sound = folder / "take.mp4", folder / "voice.wav", folder / "mix.wav"
    _wav(voice, draft.voice[:, None])
    _wav(sound, np.repeat(draft.sound[:, None], 2, axis=1))
    raw = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{WIDTH}x{HEIGHT}", "-r", str(FPS), "-i", "pipe:0"]
    audio = (
        []
        if draft.silent
        else ["-i", str(sound), "-c:a", "aac", "-b:a", "192k", "-af", "atrim=start_sample=1024"]
    )
    x264 = ["-c:v", "libx264", "-preset", "ultrafast", "-crf", "18", "-pix_fmt", "yuv420p", "-bf", "2"]
    ffmpeg.run([*raw, *audio, *x264, *draft.flags, str(video)], data=draft.frames.tobytes())
    return video, voice


def take_of(draft: Draft) -> Take:
    return Take(
        id=ID,
        attempt=0,
        key="take.mp4",
        poster_key="",
        sheet_key="",
        srt_key="",
        vtt_key="",
        duration_ms=draft.timeline.total_ms,
        width=WIDTH,
        height=HEIGHT,
        size_bytes=1,
        captions=draft.captions,
    )


def mix_of(draft: Draft) -> Mix:
    return Mix(
        id=ID,
        key="mix.wav",
        voice_key="voice.wav",
        bed_key="bed.wav",
        duration_ms=draft.timeline.total_ms,
        integrated_lufs=-14.0,
        true_peak_dbtp=-2.0,
        voice_id="test",
    )


def plan(rise: float = 0.0) -> Plan:
    """A plan whose arousal rises by `rise` to the middle and falls again; flat at 0: it asks for nothing."""
    box = Box(left=120, top=288, right=888, bottom=1248)
    strategy = Strategy(
        platform="youtube_shorts",
        length_seconds=6,
        min_length=5,
        max_length=60,
        hook_window_seconds=2.0,
        scene_count=3,
        cut_seconds=2.0,
        loop_technique=LoopTechnique.RETURN,
        hook_types=(HookType.QUESTION,),
        weights={"hook": 0.4, "pacing": 0.35, "loop": 0.25},
        safe_box=box,
        decisions=(),
    )
    return Plan(
        strategy=strategy,
        audience=AudienceProfile(
            key="genz_us",
            name="",
            attention_span=3,
            language_mix={"en": 1.0},
            visual_energy="high",
            emotion_bias=(),
        ),
        persona=Persona(
            id="p",
            name="P",
            sentence_length="short",
            energy_level="high",
            vocabulary_level="simple",
            voice=VoiceProfile(),
        ),
        curve=_curve(rise),
        hook_type=HookType.QUESTION,
        caption_style="bold_pop",
        retry_limit=1,
        frame=FrameSpec(width=WIDTH, height=HEIGHT, fps=FPS),
        factors={},
        decisions=(),
    )


def _curve(rise: float) -> Curve:
    """An arch, and a steady fall beside it: the nearer `rise` is to 0, the less is left of the arch."""
    lean = (abs(rise) - 1) * 0.5
    points = tuple(
        CurvePoint(sec=sec, emotion="awe", valence=0.6, arousal=round(rise * arch * 0.5 + lean * at, 4))
        for sec, arch, at in ((0, -1, 0), (3, 1, 0.5), (6, -1, 1))
    )
    return Curve(id=ID, name="measured", points=points if rise else points[:1])


def moved(box: CaptionBox, down: int) -> CaptionBox:
    return replace(box, top=box.top + down, bottom=box.bottom + down)


def _timeline() -> tuple[Timeline, Script]:
    ends = (*CUTS[1:], SECONDS)
    shots, lines = [], []
    for ordinal, (text, start, end) in enumerate(zip(LINES, CUTS, ends, strict=True)):
        tokens = text.split()
        step = (end - start - 0.2) / len(tokens)
        words = tuple(
            SpokenWord(text=t, start_ms=_ms(start + 0.1 + n * step), end_ms=_ms(start + 0.1 + (n + 1) * step))
            for n, t in enumerate(tokens)
        )
        cards = [words[n : n + 3] for n in range(0, len(words), 3)]
        cues = tuple(Cue(start_ms=c[0].start_ms, end_ms=c[-1].end_ms, words=c) for c in cards)
        shots.append(_shot(ordinal, start, end, cues))
        lines.append(Line(ordinal=ordinal, words=tuple(Word(display=t, spoken=t) for t in tokens)))
    timeline = Timeline(total_ms=_ms(SECONDS), fps=FPS, bpm=BPM, bars=3, shots=tuple(shots))
    return timeline, Script(id=ID, story_id=ID, language="en", lines=tuple(lines))


def _story(timeline: Timeline) -> Story:
    scenes = tuple(
        Scene(
            id=ID,
            ordinal=shot.ordinal,
            start_sec=2 * shot.ordinal,
            end_sec=2 * shot.ordinal + 2,
            purpose=shot.purpose,
            narration=text,
            visual="",
        )
        for shot, text in zip(timeline.shots, LINES, strict=True)
    )
    return Story(id=ID, total_duration=6, scenes=scenes)


def claiming(draft: Draft, ordinal: int, **unsourced: tuple[str, ...]) -> Draft:
    """The draft whose scene `ordinal` says what no source holds."""
    scenes = (replace(s, **unsourced) if s.ordinal == ordinal else s for s in draft.story.scenes)
    return replace(draft, story=replace(draft.story, scenes=tuple(scenes)))


def _shot(ordinal: int, start: float, end: float, cues: tuple[Cue, ...]) -> Shot:
    return Shot(
        ordinal=ordinal,
        purpose=(Purpose.HOOK, Purpose.TWIST, Purpose.LOOP)[ordinal],
        start_ms=_ms(start),
        end_ms=_ms(end),
        voice_ms=_ms(start + 0.1),
        arousal=0.5,
        valence=0.5,
        emotion="awe",
        cues=cues,
    )


def clean_frames() -> np.ndarray:
    """Rings that drift, other colours in each scene; the last moments run into the first frame."""
    frames = np.empty((round(SECONDS * FPS), HEIGHT, WIDTH, 3), dtype=np.uint8)
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    for n in range(len(frames)):
        second = n / FPS
        last = second >= SECONDS - 0.4
        scene = 0 if last else sum(second >= cut for cut in CUTS) - 1
        phase = second - SECONDS if last else second
        wave = 0.5 + 0.5 * np.sin(np.hypot(x - WIDTH / 2, y - HEIGHT / 3 - 12 * phase) / 22 - 0.8 * phase)
        light, dark = (np.array(colour, dtype=np.float32) for colour in SCENES[scene])
        frames[n] = dark + wave[..., None].astype(np.float32) * (light - dark)
    return frames


def captioned(frames: np.ndarray, timeline: Timeline, *, grey: int = 255, drop: int = 0) -> np.ndarray:
    """Each caption in its box; the last two frames show the first, as they lead back to it."""
    for n in range(len(frames)):
        ms = 0 if n >= len(frames) - 2 else round(n * 1000 / FPS)
        card = next((c for c in timeline.cues if c.start_ms <= ms < c.end_ms), None)
        if card is not None:
            _letter(frames[n], " ".join(word.text for word in card.words), grey, drop)
    return frames


def _letter(frame: np.ndarray, text: str, grey: int, drop: int) -> None:
    """Letters with an outline, which is the letters in black all round."""
    x, y = CAPTION[0] + 4, CAPTION[3] - 10 + drop
    around = [(i, j, 10) for i in (-3, 3) for j in (-3, 0, 3)]
    for right, down, shade in (*around, (0, 0, grey)):
        cv2.putText(frame, text, (x + right, y + down), cv2.FONT_HERSHEY_DUPLEX, 0.66, (shade,) * 3, 3)


def _voice(timeline: Timeline) -> np.ndarray:
    """A buzz with formants that opens and closes with each word, every word at a pitch of its own."""
    t = np.arange(round(SECONDS * RATE)) / RATE
    voice = np.zeros_like(t)
    for n, word in enumerate(w for cue in timeline.cues for w in cue.words):
        start, end = (round(ms / 1000 * RATE) for ms in (word.start_ms, word.end_ms))
        pitch, here = 105 + 23 * n % 61, t[start:end]
        buzz = sum(np.sin(2 * np.pi * pitch * k * here + k) / k for k in range(1, 30))
        voice[start:end] = buzz * np.sin(np.linspace(0.15, np.pi - 0.15, end - start)) ** 0.5
    return (0.24 * voice).astype(np.float32)


def _bed() -> np.ndarray:
    """A chord of whole cycles in SECONDS, so that it loops without a step."""
    t = np.arange(round(SECONDS * RATE)) / RATE
    chord = sum(np.sin(2 * np.pi * f * t) for f in (220, 277, 330, 440))
    return (0.012 * chord).astype(np.float32)


def _box(start_ms: int, end_ms: int) -> CaptionBox:
    return CaptionBox(
        start_ms=start_ms,
        end_ms=end_ms,
        left=CAPTION[0],
        top=CAPTION[1],
        right=CAPTION[2],
        bottom=CAPTION[3],
        contrast=12.0,
    )


def _wav(path: Path, samples: np.ndarray) -> None:
    with wave.open(str(path), "wb") as handle:
        handle.setnchannels(samples.shape[1])
        handle.setsampwidth(2)
        handle.setframerate(RATE)
        handle.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())


def _ms(second: float) -> int:
    return round(second * 1000)

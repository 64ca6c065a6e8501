"""Small briefs of sound that the tests share."""

from apps.contracts.decision import VoiceProfile
from apps.contracts.media import Shot, Timeline
from apps.contracts.story import Line, Purpose, Word

PROFILE = VoiceProfile(voices={"en": "en-us+f3"}, rate=175, pitch=55)
#: Valence and arousal that rise into the twist.
MOODS = ((-0.1, 0.7), (0.2, -0.4), (0.6, 0.9), (0.1, 0.5))
PURPOSES = (Purpose.HOOK, Purpose.ESCALATE, Purpose.TWIST, Purpose.LOOP)
STARTS = (0.0, 0.25, 0.6, 0.85, 1.0)


def line(text: str, ordinal: int = 0) -> Line:
    """Each written word one token, spoken as it is written."""
    return Line(ordinal=ordinal, words=tuple(Word(display=w, spoken=w) for w in text.split()))


def timeline(*, bars: int = 4, bpm: float = 120.0) -> Timeline:
    """Four shots over whole bars; each narration 100 ms into its shot."""
    total = round(bars * 240_000 / bpm)
    edges = [round(total * share) for share in STARTS]
    shots = tuple(
        Shot(
            ordinal=i,
            purpose=PURPOSES[i],
            start_ms=edges[i],
            end_ms=edges[i + 1],
            voice_ms=edges[i] + 100,
            valence=MOODS[i][0],
            arousal=MOODS[i][1],
            emotion="curiosity",
            cues=(),
        )
        for i in range(4)
    )
    return Timeline(total_ms=total, fps=30, bpm=bpm, bars=bars, shots=shots)

"""Where each emotion lies in valence and arousal (Russell's circumplex; field guide 3). No I/O."""

from math import exp, hypot

from apps.contracts.decision import Mood

#: emotion -> (valence, arousal), each in [-1, 1].
EMOTIONS: dict[str, tuple[float, float]] = {
    "curiosity": (0.3, 0.5),
    "awe": (0.6, 0.7),
    "joy": (0.8, 0.6),
    "calm": (0.5, -0.5),
    "hope": (0.6, 0.2),
    "tension": (-0.4, 0.7),
    "fear": (-0.7, 0.8),
    "anger": (-0.6, 0.8),
    "sadness": (-0.7, -0.4),
    "shock": (-0.1, 0.95),
    "relief": (0.6, -0.1),
    "nostalgia": (0.2, -0.3),
    "triumph": (0.9, 0.8),
}
#: What people call an emotion of the table when they describe an audience.
ALSO_CALLED = {
    "fun": "joy",
    "humour": "joy",
    "humor": "joy",
    "happiness": "joy",
    "surprise": "shock",
    "wonder": "awe",
    "inspiration": "hope",
    "suspense": "tension",
    "anxiety": "fear",
    "outrage": "anger",
    "pride": "triumph",
    "comfort": "relief",
    "peace": "calm",
    "interest": "curiosity",
}
#: Distance at which two moods count as different (closeness 1/e). Awe and joy lie 0.22 apart, awe
#: and fear 1.3: wider, and every lively mood looks like joy; narrower, and only the word itself counts.
REACH = 0.45


def known_emotion(word: str) -> str | None:
    """The emotion of the table that a word means, or None."""
    word = word.strip().lower()
    return word if word in EMOTIONS else ALSO_CALLED.get(word)


def mood(emotion: str) -> Mood:
    """An emotion of the table with its place. Raises KeyError for any other word."""
    valence, arousal = EMOTIONS[emotion]
    return Mood(emotion=emotion, valence=valence, arousal=arousal)


def closeness(one: Mood, other: Mood) -> float:
    """How alike two moods are, (0, 1]: 1 the same, 1/e at a distance of REACH."""
    distance = hypot(one.valence - other.valence, one.arousal - other.arousal)
    return exp(-((distance / REACH) ** 2))

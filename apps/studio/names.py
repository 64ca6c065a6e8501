"""What people call that which code refers to by an id: platforms, factors and their levels. No I/O."""

import re
from collections.abc import Iterable

from apps.contracts.decision import FactorKind, HookType, LoopTechnique, Persona

#: Names with capitals of their own; any other id reads as its words, each begun with a capital.
PROPER = {
    "youtube_shorts": "YouTube Shorts",
    "instagram_reels": "Instagram Reels",
    "tiktok": "TikTok",
    "youtube_studio": "YouTube Studio",
    "meta_business_suite": "Meta Business Suite",
    "tiktok_studio": "TikTok Studio",
}
#: Each factor as a heading: one of it, all of it, and what it changes about a short.
FACTORS = {
    FactorKind.HOOK: ("Hook", "Hooks", "How the first sentence takes hold."),
    FactorKind.PERSONA: ("Persona", "Personas", "Who speaks, in which voice and words."),
    FactorKind.EMOTION_CURVE: ("Emotion curve", "Emotion curves", "What is felt from start to end."),
    FactorKind.LENGTH_BAND: ("Length", "Lengths", "How long it is."),
    FactorKind.CUT_RATE_BAND: ("Cut rate", "Cut rates", "How often the picture changes."),
    FactorKind.CAPTION_STYLE: ("Captions", "Caption styles", "How the words on screen look."),
    FactorKind.LOOP_TECHNIQUE: ("Ending", "Loop techniques", "How the end leads back to the beginning."),
}
#: Bands of length, shortest first.
LENGTHS = ("under_15", "15_21", "22_29", "30_44", "45_59", "60_plus")
#: Rates of cuts, slowest first.
CUT_RATES = ("slow", "medium", "fast")
#: Levels of the factors whose levels are always the same.
LEVELS: dict[FactorKind, tuple[str, ...]] = {
    FactorKind.HOOK: tuple(HookType),
    FactorKind.LENGTH_BAND: LENGTHS,
    FactorKind.CUT_RATE_BAND: CUT_RATES,
    FactorKind.LOOP_TECHNIQUE: tuple(LoopTechnique),
}
#: An id in the middle of a sentence: words with nothing but underscores between them.
_ID = re.compile(r"\b[a-z0-9]+(?:_[a-z0-9]+)+\b|\btiktok\b")
_BAND = re.compile(r"(\d+)_(\d+)|under_(\d+)|(\d+)_plus")


def proper(name: str) -> str:
    """The proper name behind an id: `youtube_shorts` is "YouTube Shorts", `my_site` is "My Site"."""
    return PROPER.get(name) or " ".join(word[:1].upper() + word[1:] for word in name.split("_"))


def choice(value: str) -> str:
    """What was chosen, as a label: `slow_burn_to_awe` is "Slow burn to awe", `15_21` is "15 to 21 s"."""
    if band := _BAND.fullmatch(value):
        low, high, under, over = band.groups()
        words = f"{low} to {high}" if low else f"Under {under}" if under else f"{over} or more"
        return f"{words}\N{NO-BREAK SPACE}s"
    plain = value.replace("_", " ")
    return plain[:1].upper() + plain[1:]


def level(kind: str, value: str, personas: Iterable[Persona] = ()) -> str:
    """A level of a factor as a label; a persona by the name it goes by."""
    if kind != FactorKind.PERSONA:
        return choice(value)
    return next((one.name for one in personas if one.id == value), proper(value))


def worded(text: str) -> str:
    """A sentence with the ids in it as people call them: "on youtube_shorts" is "on YouTube Shorts"."""
    return _ID.sub(lambda found: _called(found[0]), text)


def _called(name: str) -> str:
    if name in PROPER or _BAND.fullmatch(name):
        return PROPER.get(name) or choice(name)
    return name.replace("_", " ")


def factor(kind: str) -> str:
    """A factor as a heading for one of it."""
    return next((words[0] for known, words in FACTORS.items() if known == kind), choice(kind))


def factors(kind: str) -> str:
    """A factor as a heading for all of it."""
    return next((words[1] for known, words in FACTORS.items() if known == kind), choice(kind))

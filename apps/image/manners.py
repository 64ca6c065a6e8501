"""How a picture behaves on a stage: does it stand, which way does it look, can it think. No pixels."""

#: Themes of which the things stand on the ground.
GROUNDED = frozenset(("nature", "people", "food", "history", "tech", "money", "travel", "things", "life"))
#: What has such a theme, yet hangs in the air or is a sign.
AIRBORNE = frozenset(
    "🦅🦇🕊🐝🦋🪰🦟🐞🪶🪽✈🚁🪂🛩🎈🪁🌙🌕☀⭐🌟🌠☁🌧⛈🌩🌨🌈❄💨🌪⚡🔥💧💦🍃🍂🍁🌊🌬🌡✅❌❓❗💯🎯📈📉📊💹🔊🔇🔗🔄🔁🎵🎶"
    "💸🪙💵💶💷💴🧾🏷💳📅⏳⏰⏱🕰🔒🔑🗝💡🔋🪫📡🛜👀👁👂👃👅👄🗣💬💭✉📧📩🔍🔎🧩🎁🏆🏅🥇🎖🎬🎭🎨🎤🎧"
)
#: Sea animals that walk on the bottom; the others swim.
CRAWLERS = frozenset("🦀🦞🐚🪸🦪🐌🐢🐊")


#: Pictures that are square: their outline says nothing.
FRAMED = frozenset("🌁🌃🌄🌅🌆🌇🌉🌌🎆🎇🏙💵💶💷💴💳🧾📈📉📊💹📅📆🗓🖼🏞🎑🌠")


def is_framed(emoji: str) -> bool:
    """Whether it is a picture within a frame."""
    return emoji[0] in FRAMED


def stands(emoji: str, theme: str) -> bool:
    """Whether a picture of a theme has its foot on the ground."""
    first = emoji[0]
    if theme == "sea":
        return first in CRAWLERS
    return theme in GROUNDED and first not in AIRBORNE and not is_face(emoji)


def is_face(emoji: str) -> bool:
    """A yellow face: a feeling, which somebody has."""
    first = ord(emoji[0])
    return 0x1F600 <= first <= 0x1F64F or 0x1F910 <= first <= 0x1F92F or 0x1F970 <= first <= 0x1F97A


def is_thinker(emoji: str) -> bool:
    """An animal or a person: who can have a thought."""
    first = ord(emoji[0])
    is_person = 0x1F466 <= first <= 0x1F478 or 0x1F9D0 <= first <= 0x1F9DF or first in (0x1F575, 0x1F9B8)
    return is_person or is_animal(emoji)


def is_animal(emoji: str) -> bool:
    """By the Unicode blocks that hold animals."""
    first = ord(emoji[0])
    return 0x1F400 <= first <= 0x1F43F or 0x1F980 <= first <= 0x1F9AE or first in (0x1F54A, 0x1F577, 0x1FABC)


def looks_left(emoji: str) -> bool:
    """Whether the picture has a side to look to; all that have one look to the left in this typeface."""
    first = ord(emoji[0])
    is_vehicle = 0x1F682 <= first <= 0x1F6B2 or 0x1F6F4 <= first <= 0x1F6FC
    return is_animal(emoji) or is_vehicle or emoji[0] in "🏃🚶🏇🚴⛷🏄"

"""Makes apps/image/lexicon/annotations/ from the Unicode CLDR's keywords of emoji, one file a language.

usage: python -m scripts.read_annotations FOLDER, where FOLDER is the unpacked npm package emojibase-data.
Only single words are kept that mean few pictures; each gets the one it says most of.
"""

import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

from apps.image import lexicon

#: Not English, whose curated lists say more: its keywords spoilt more scenes than they mended.
LANGUAGES = (*lexicon.LANGUAGES[1:], "hi")
#: A keyword of more pictures than this tells nothing of any; what is part of a name may have more.
MOST_PICTURES, MOST_NAMED = 3, 8
LEAST_LETTERS = 3
#: emojibase's groups, likeliest meaning of a noun first: animals, food, objects, travel, activities, people,
#: faces. Components (2), symbols (8: the zodiac's fish are no fish) and flags (9) are left out.
GROUPS = (3, 4, 7, 5, 6, 1, 0)


def main() -> None:
    source = Path(sys.argv[1])
    drawable = {plain(picture): picture for picture in lexicon.drawable_pictures()}
    for language in LANGUAGES:
        rows = json.loads((source / language / "data.json").read_text(encoding="utf-8"))
        target = lexicon.FOLDER / "annotations" / f"{language}.txt"
        target.write_text(told(chosen(candidates(rows, drawable))), encoding="utf-8")


def plain(picture: str) -> str:
    """Without variation selectors: sources differ in where they write them."""
    return picture.replace("\ufe0f", "")


def candidates(
    rows: list[dict[str, Any]], drawable: dict[str, str]
) -> dict[str, list[tuple[bool, int, str]]]:
    """Word -> its pictures, each with whether the word is in its name, and the rank of its group."""
    found: dict[str, list[tuple[bool, int, str]]] = defaultdict(list)
    for row in rows:
        picture = drawable.get(plain(row["emoji"]))
        is_gendered = "gender" in row and "\u200d" in row["emoji"]
        if picture is None or is_gendered or row.get("group") not in GROUPS:
            continue
        name = set(lexicon.phrase(row["label"]))
        tags = {words[0] for tag in row.get("tags", ()) if len(words := lexicon.phrase(tag)) == 1}
        for word in tags | (name if len(name) == 1 else set()):
            found[word].append((word not in name, GROUPS.index(row["group"]), picture))
    return found


def chosen(words: dict[str, list[tuple[bool, int, str]]]) -> dict[str, list[str]]:
    """Picture -> its words."""
    kept: dict[str, list[str]] = defaultdict(list)
    for word, pictures in sorted(words.items()):
        best = min(pictures)
        most = MOST_PICTURES if best[0] else MOST_NAMED
        if len(word) >= LEAST_LETTERS and word[0].isalpha() and len(pictures) <= most:
            kept[best[2]].append(word)
    return kept


def told(kept: dict[str, list[str]]) -> str:
    """One line a picture: the picture, then its words."""
    lines = [f"{picture} {' '.join(words)}" for picture, words in sorted(kept.items())]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()

"""What a scene is about: pictures, their counts, the figure, and how they relate. Text in, a Reading out."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise

from apps.image import lexicon
from apps.image.lexicon import Entry, fold

#: Different pictures in one scene; a phone shows no more at a glance.
MOST_KINDS = 4
#: Copies of one picture that are drawn; beyond it the count becomes a figure.
MOST_COPIES = 12
#: What parts a description's scene from the topic that it belongs to.
TOPIC_MARK = ";"
#: Weight from which a picture is of a thing that can be seen, and not of an idea or a doing.
CONCRETE = 1.6
#: Pictures of people doing something; beside an animal that does it they tell of another story.
HUMAN_ACTS = frozenset(("🏊", "🏃", "🚶", "💃", "🧗", "🧘", "🏋️", "🍽️", "👥", "💇", "🏎️", "✍️", "💼", "🧑‍🤝‍🧑"))
#: Weight of a word too general to carry a scene.
WEAK_WEIGHT = 0.7
#: Share of the strongest subject's weight below which another is left out.
WORTH_SHOWING = 0.5
#: Longest phrase that is looked up, words.
LONGEST_PHRASE = 4
#: Plurals without an s.
IRREGULAR = frozenset(
    ("mice", "feet", "teeth", "geese", "children", "people", "fish", "sheep", "deer", "bete", "dost")
)
#: Words between a part and its whole ("28 of 40").
SHARE_JOINTS = frozenset(("of", "de", "von", "di", "sur", "mein", "में"))
#: What ends a phrase.
PAUSES = frozenset(".,:;!?…।")
#: Pictures of spans of time.
SPANS = frozenset(("📅", "⏳", "⏱️", "⏰", "🕰️", "🌡️"))
#: What follows a verb that opens a sentence as an order ("Watch the...").
ORDER_CUES = frozenset(
    ("the", "a", "an", "this", "that", "your", "my", "it", "to", "out", "how", "what", "them")
)
SIGNS = re.compile(r"^[$€£₹+~<>-]*\d[\d.,:/]*\d*[a-z%+°$€£₹]*$")


@dataclass(frozen=True, kw_only=True)
class Subject:
    """One picture, how often it is there, and the narration word that names it (None: not spoken)."""

    emoji: str
    name: str
    count: int = 1
    word: int | None = None
    weight: float = 1.0
    theme: str = "things"


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A number worth showing large, what it counts, and its word."""

    value: str
    unit: str
    word: int | None


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A scene understood. `relation` is "", "versus", "scale", "shrinking", "turning" or "list".

    `keyword` is its weightiest word, for where nothing can be drawn.
    """

    subjects: tuple[Subject, ...]
    figure: Figure | None
    relation: str
    keyword: str
    theme: str


def read(*, words: tuple[str, ...], visual: str) -> Reading:
    """Understand a scene from its display words and its description ("third heart; octopus").

    The description decides what is shown, so that a figure of speech in the narration is never drawn;
    the narration tells when. What follows the semicolon is the topic, shown where the scene has no
    thing of its own. Without a description the narration's own words are read.
    """
    scene, _, topic = visual.partition(TOPIC_MARK)
    described, about = _tokens(scene), _tokens(topic)
    language = lexicon.language_of([fold(word) for word in (*words, *described)])
    spoken = find(words, language)
    if described or about:
        spoken = _only_described(spoken, words, {fold(w) for w in (*described, *about)})
    unsaid = _unsaid(find(described, language), words)
    subjects = _chosen((*spoken, *unsaid), tuple(replace(s, word=None) for s in find(about, language)))
    folded = [fold(word) for word in words]
    subjects = tuple(_coloured(subject, folded) for subject in subjects)
    return Reading(
        subjects=subjects,
        figure=_figure(words, folded, subjects),
        relation=_relation(words, folded, subjects),
        keyword=_keyword(words, folded),
        theme=subjects[0].theme if subjects else "ideas",
    )


def _tokens(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[^\s,;]+", text))


def _only_described(
    spoken: tuple[Subject, ...], words: tuple[str, ...], described: set[str]
) -> tuple[Subject, ...]:
    return tuple(s for s in spoken if s.word is None or fold(words[s.word]) in described)


def _unsaid(seen: tuple[Subject, ...], words: tuple[str, ...]) -> tuple[Subject, ...]:
    """What only the description names; a word that is spoken too was read in its sentence."""
    said = {fold(word) for word in words}
    return tuple(
        replace(s, word=None, weight=s.weight * 0.9) for s in seen if s.name.rpartition(" ")[2] not in said
    )


def with_subjects(reading: Reading, subjects: tuple[Subject, ...]) -> Reading:
    """The reading with other subjects; a relation needs two."""
    return replace(reading, subjects=subjects, relation=reading.relation if len(subjects) == 2 else "")


def find(words: tuple[str, ...], language: str) -> tuple[Subject, ...]:
    """Every picture the words name, in order; each once, with its highest count."""
    folded = [fold(word) for word in words]
    found: dict[str, Subject] = {}
    at = 0
    while at < len(folded):
        length, entry = _longest(words, folded, at, language)
        if entry:
            name = " ".join(folded[at : at + length])
            subject = Subject(
                emoji=entry.emoji,
                name=name,
                count=_count(words, folded, at, language) if _is_countable(name, entry, language) else 1,
                word=at + length - 1,
                weight=entry.weight,
                theme=entry.theme,
            )
            _keep(found, subject)
        at += length
    return tuple(found.values())


def _keep(found: dict[str, Subject], subject: Subject) -> None:
    known = found.get(subject.emoji)
    if known is None:
        found[subject.emoji] = subject
    else:
        found[subject.emoji] = replace(
            known, count=max(known.count, subject.count), weight=max(known.weight, subject.weight)
        )


def _longest(words: tuple[str, ...], folded: list[str], at: int, language: str) -> tuple[int, Entry | None]:
    for length in range(min(LONGEST_PHRASE, len(folded) - at), 0, -1):
        entry = _entry(words, folded, at, length, language)
        if entry:
            return length, entry
    return 1, None


def _entry(words: tuple[str, ...], folded: list[str], at: int, length: int, language: str) -> Entry | None:
    run = tuple(folded[at : at + length])
    flag = _flag(words[at], folded, at, run, language)
    if flag:
        return flag
    hints = lexicon.hints()
    if (
        run[0] in hints.numbers
        or run[-1] in hints.magnitudes
        or (length == 1 and run[0] in hints.scale | hints.shrinking)
    ):
        return None
    if length == 1 and (run[0] in hints.stopwords[language] or _is_verb_here(folded, at)):
        return None
    return _looked_up(run, language)


def _looked_up(run: tuple[str, ...], language: str) -> Entry | None:
    """Exact first, then inflected forms of the last word, then kin of a single word."""
    if not run[-1]:
        return None
    tables = [
        lexicon.curated(),
        *([lexicon.named(language)] if language != "en" else []),
        lexicon.named("en"),
    ]
    for form in lexicon.forms(run[-1], language):
        for table in tables:
            entry = table.get((*run[:-1], form))
            if entry:
                return replace(entry, weight=WEAK_WEIGHT) if _is_weak(run, form, language) else entry
    if len(run) > 1:
        return None
    if language == "en" and len(run[0]) > 3 and run[0].endswith("e"):
        bent = lexicon.curated().get((f"{run[0][:-1]}a",))  # Latin-script Hindi: kauwa, kauwe
        if bent:
            return bent
    near = lexicon.nearest(run[0])
    return replace(near, weight=near.weight * 0.6) if near else None


def _is_weak(run: tuple[str, ...], form: str, language: str) -> bool:
    """A general word, or an English verb made of a noun ("fired", "bridging")."""
    weak = lexicon.hints().weak
    is_verb = language == "en" and form != run[-1] and run[-1].endswith(("ed", "ing"))
    return is_verb or " ".join((*run[:-1], form)) in weak or " ".join(run) in weak


def _flag(word: str, folded: list[str], at: int, run: tuple[str, ...], language: str) -> Entry | None:
    """A flag where a country is named as one: capitalised, and not a name that people have too."""
    if not (word[:1].isupper() or "\u0900" <= word[:1] <= "\u097f"):
        return None
    name = " ".join(run)
    flag = lexicon.flags(language).get(run) or lexicon.flags("en").get(run)
    doubtful = name in lexicon.hints().country_doubles or (name == "turkey" and at == 0)
    if not flag or (doubtful and folded[at - 1 : at] not in (["in"], ["from"], ["of"])):
        return None
    return Entry(flag, lexicon.FLAG_WEIGHT, "travel")


def _is_verb_here(folded: list[str], at: int) -> bool:
    hints = lexicon.hints()
    if folded[at] not in hints.guarded:
        return False
    if at == 0:
        return len(folded) > 1 and folded[1] in ORDER_CUES
    return folded[at - 1] in hints.verb_cues


def _is_countable(name: str, entry: Entry, language: str) -> bool:
    """A plural thing; spans of time are figures, not copies."""
    plural = name.endswith("s") or name in IRREGULAR or language != "en" or not name.isascii()
    return plural and entry.emoji not in SPANS


def _count(words: tuple[str, ...], folded: list[str], at: int, language: str) -> int:
    """The number one or two words before a noun, no comma or colon between; nothing beyond MOST_COPIES."""
    for before in range(at - 1, max(-1, at - 3), -1):
        if words[before][-1:] in PAUSES:
            break
        # "do" is two in Hindi and "of the" in Portuguese.
        is_small_word = language != "en" and folded[before] in lexicon.hints().stopwords[language]
        number = 0 if is_small_word else _small_number(folded[before])
        if number:
            return number
    return 1


def _small_number(word: str) -> int:
    number = int(word) if word.isdecimal() and len(word) < 3 else lexicon.hints().numbers.get(word, 0)
    return number if 1 < number <= MOST_COPIES else 0


def _chosen(scene: tuple[Subject, ...], topic: tuple[Subject, ...]) -> tuple[Subject, ...]:
    """The strongest few in the order in which they are spoken; what is only described comes last.

    A scene without a thing of its own shows the topic's, beside its idea if it has one.
    """
    own = _distinct(scene)
    best = max((s.weight for s in own), default=0.0)
    if best < CONCRETE and topic:
        ideas = [s for s in own if s.weight > WEAK_WEIGHT][:1]
        things = [s for s in _distinct(topic) if s.weight > WEAK_WEIGHT]
        return tuple(_distinct([*ideas, *_strongest(things or own)[:2]]))
    if any(_is_animal(s.emoji) for s in own):
        own = [s for s in own if s.emoji not in HUMAN_ACTS]
    return tuple(sorted(_strongest(own)[:MOST_KINDS], key=own.index))


def _distinct(subjects: Iterable[Subject]) -> list[Subject]:
    kept: dict[str, Subject] = {}
    for subject in subjects:
        _keep(kept, subject)
    return list(kept.values())


def _strongest(subjects: list[Subject]) -> list[Subject]:
    """Best first, without what is much weaker than the best; at most one flag."""
    ranked = sorted(subjects, key=lambda s: -s.weight)
    enough = ranked[0].weight * WORTH_SHOWING if ranked else 0.0
    return _one_flag(s for s in ranked if s.weight >= enough)


def _is_animal(picture: str) -> bool:
    """By the Unicode blocks that hold animals."""
    first = ord(picture[0])
    return 0x1F400 <= first <= 0x1F43F or 0x1F980 <= first <= 0x1F9AE or first in (0x1F54A, 0x1F577, 0x1FABC)


def _coloured(subject: Subject, folded: list[str]) -> Subject:
    """The same thing in the colour that the sentence gives it, where there is such a picture."""
    hints = lexicon.hints()
    if subject.word is None:
        return subject
    before = folded[max(0, subject.word - 1) : subject.word]
    after = folded[subject.word + 1 : subject.word + 4]
    colours = (hints.colours.get(word, "") for word in (*before, *after))
    pictures = (hints.coloured.get(f"{subject.emoji} {colour}", "") for colour in colours)
    return replace(subject, emoji=next((p for p in pictures if p), subject.emoji))


def _one_flag(subjects: Iterable[Subject]) -> list[Subject]:
    kept: list[Subject] = []
    for subject in subjects:
        if subject.theme != "travel" or all(other.theme != "travel" for other in kept):
            kept.append(subject)
    return kept


def _figure(words: tuple[str, ...], folded: list[str], subjects: tuple[Subject, ...]) -> Figure | None:
    """The most striking number: money and shares first, then the largest; small counts are not figures."""
    magnitudes = lexicon.hints().magnitudes
    best: tuple[tuple[int, float], Figure] | None = None
    for at, word in enumerate(folded):
        rank = (_strikingness(word, folded[at + 1] if at + 1 < len(folded) else "", magnitudes), _worth(word))
        if rank[0] and not _counts_something(word, at, subjects) and (best is None or rank > best[0]):
            best = (rank, _as_figure(words, folded, at, magnitudes))
    return best[1] if best else None


def _counts_something(word: str, at: int, subjects: tuple[Subject, ...]) -> bool:
    number = _small_number(word)
    return bool(number) and any(
        s.count == number and s.word is not None and 0 < s.word - at <= 3 for s in subjects
    )


def _strikingness(word: str, following: str, magnitudes: frozenset[str]) -> int:
    if following in magnitudes and (SIGNS.match(word) or _small_number(word) or word in ("one", "a", "ek")):
        return 4 if word not in ("a",) else 1
    if not SIGNS.match(word):
        return 0
    if re.search(r"[$€£₹%°]", word):
        return 4
    digits = sum(c.isdigit() for c in word)
    return 2 if _is_year(word) else 3 if digits > 2 else 1


def _is_year(word: str) -> bool:
    return bool(re.fullmatch(r"1\d{3}|20\d{2}", word))


def _worth(word: str) -> float:
    digits = re.sub(r"[^\d.]|\.(?=\d{3}\b)", "", word).strip(".")
    return float(digits) if re.fullmatch(r"\d+(\.\d+)?", digits, re.ASCII) else 0.0


def _as_figure(words: tuple[str, ...], folded: list[str], at: int, magnitudes: frozenset[str]) -> Figure:
    shown = words[at].strip(" .,;:!?…\"'()।")
    if at > 1 and folded[at - 1] in SHARE_JOINTS and folded[at - 2].isdecimal():
        shown = f"{words[at - 2]} {words[at - 1]} {shown}"
    after = at + 1
    while after < len(folded) and folded[after] in magnitudes:
        shown = f"{shown} {words[after].strip(' .,;:!?…')}"
        after += 1
    shown = re.sub(r"\s(percent|prozent|pourcent)$", "%", shown, flags=re.IGNORECASE)
    ended = words[after - 1][-1:] in PAUSES or _is_year(shown)
    unit = words[after].strip(" .,;:!?…\"'()।") if after < len(words) and not ended else ""
    small = lexicon.hints().stopwords[lexicon.language_of(folded)]
    is_unit = (
        bool(unit)
        and fold(unit) not in small
        and all(unicodedata.category(c)[0] in "LM" or c in "/." for c in unit)
        and len(unit) < 14
    )
    return Figure(value=shown, unit=unit if is_unit else "", word=at)


def _relation(words: tuple[str, ...], folded: list[str], subjects: tuple[Subject, ...]) -> str:
    if len(subjects) > 2:
        return "list" if _enumerates(words, subjects) else ""
    if len(subjects) != 2:
        return ""
    hints, said = lexicon.hints(), set(folded)
    if said & (hints.scale | hints.shrinking) and said & {"than", "que", "als", "di", "as"}:
        return "shrinking" if said & hints.shrinking else "scale"
    if said & hints.turning and _between(folded, subjects, hints.turning):
        return "turning"
    return "versus" if _between(folded, subjects, hints.versus) else ""


def _enumerates(words: tuple[str, ...], subjects: tuple[Subject, ...]) -> bool:
    """Whether the subjects follow closely on one another, a comma after each but the last two."""
    spoken = [s.word for s in subjects if s.word is not None]
    near = all(b - a <= 3 for a, b in pairwise(spoken))
    if len(spoken) != len(subjects) or not near:
        return False
    *_, last_but_one, last = spoken
    joined = last - last_but_one > 1 or words[last_but_one].endswith(",")
    return joined and all(words[at].endswith(",") for at in spoken[:-2])


def _between(folded: list[str], subjects: tuple[Subject, ...], cues: frozenset[str]) -> bool:
    first, second = subjects[0].word, subjects[1].word
    return first is not None and second is not None and bool(cues & set(folded[first:second]))


def _keyword(words: tuple[str, ...], folded: list[str]) -> str:
    """The longest word that is not a small one, with a short word of weight before it: what a card says."""
    hints = lexicon.hints()
    small = hints.stopwords[lexicon.language_of(folded)]
    plain = [word.strip(" .,;:!?…\"'()।—-") for word in words]
    weighty = [at for at, word in enumerate(folded) if word and word not in small and word not in hints.weak]
    if not weighty:
        return max(plain, key=len, default="")
    at = max(weighty, key=lambda i: len(plain[i]))
    before = at > 0 and folded[at - 1] not in small and words[at - 1][-1:].isalpha()
    return (
        f"{plain[at - 1]} {plain[at]}" if before and len(plain[at - 1]) + len(plain[at]) < 18 else plain[at]
    )

"""What a scene is about: pictures, their counts, the figure, and how they relate. Text in, a Reading out."""

import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise

from apps.image import lexicon, manners, places
from apps.image.lexicon import Entry, fold
from apps.image.numerals import (
    PAUSES,
    SIGNS,
    as_figure,
    figures,
    is_measure,
    small_number,
    strikingness,
    worth,
)
from apps.image.readings import Figure, Reading, Subject

#: Different pictures in one scene; a phone shows no more at a glance.
MOST_KINDS = 4


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


#: Pictures of spans of time.
SPANS = frozenset(("📅", "⏳", "⏱️", "⏰", "🕰️", "🌡️"))


#: What follows a verb that opens a sentence as an order ("Watch the...").
ORDER_CUES = frozenset(
    ("the", "a", "an", "this", "that", "your", "my", "it", "to", "out", "how", "what", "them")
)


#: A first sentence of so many words and letters is the headline; of a longer one, so many words are.
SHORT_WORDS, SHORT_LETTERS, HEADLINE_WORDS = 7, 30, 4
#: Letters of a headline; more would be too small to read at a glance.
HEADLINE_LETTERS = 34


#: Hindi small words in Latin letters from which a text is Hinglish.
HINGLISH_WORDS = 2
#: What ends a sentence.
ENDS = frozenset(".!?।…")


def read(*, words: tuple[str, ...], visual: str, opening: bool = False, language: str = "") -> Reading:
    """Understand a scene from its display words and its description ("third heart; octopus").

    The description decides what is shown, so that a figure of speech in the narration is never drawn;
    the narration tells when. What follows the semicolon is the topic, shown where the scene has no
    thing of its own, and in an `opening` always. Without a description the narration's own words are read.
    `language` is the brief's; small words that say otherwise outweigh it.
    """
    scene, _, topic = visual.partition(TOPIC_MARK)
    described, about = _tokens(scene), _tokens(topic)
    language = lexicon.language_of([fold(word) for word in (*words, *described)], language)
    spoken = find(words, language)
    unsaid = _unsaid(find(described, language), words)
    promised = _promised(spoken, words) if opening else ()
    if promised:
        # A first frame shows what its words promise, and nothing else but what it is all about.
        spoken, unsaid = promised, tuple(replace(s, count=1) for s in unsaid if manners.is_thinker(s.emoji))
    elif described or about:
        spoken = _only_described(spoken, words, {fold(w) for w in (*described, *about)})
    topical = tuple(replace(s, word=None) for s in find(about, language))
    subjects = _with_hero(_chosen((*spoken, *unsaid), topical), topical, opening)
    folded = [fold(word) for word in words]
    place = _place(folded, [fold(w) for w in about], subjects, topical)
    there = tuple(s for s in subjects if not places.shows(place, s.emoji))
    subjects = tuple(_coloured(subject, folded) for subject in there or subjects)
    figure = _figure(words, folded, subjects, language)
    return Reading(
        subjects=subjects,
        figure=figure,
        relation=_relation(words, folded, subjects),
        keyword=_keyword(words, folded, language),
        theme=subjects[0].theme if subjects else "ideas",
        headline=_headline(words, folded, subjects, language),
        beside=_beside(words, folded, figure, language),
        moving=_moving(folded),
        figures=figures(words, folded, language),
        place=place,
    )


def _place(
    folded: list[str], about: list[str], subjects: tuple[Subject, ...], topical: tuple[Subject, ...]
) -> str:
    """Where the words put the scene, else the topic, else its pictures."""

    def home(found: tuple[Subject, ...]) -> str:
        known = [s for s in found if s.weight > WEAK_WEIGHT]
        known.sort(key=lambda s: (not manners.is_thinker(s.emoji), -s.weight))
        return places.of_pictures((s.emoji, s.theme) for s in known)

    said = places.named_in(folded) or places.named_in(about)
    return said or home(topical) or home(subjects) or places.NOWHERE


def _tokens(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"[^\s,;]+", text))


def _promised(spoken: tuple[Subject, ...], words: tuple[str, ...]) -> tuple[Subject, ...]:
    """The things that the first sentence names."""
    end = next((at for at, word in enumerate(words) if word[-1:] in ENDS), len(words))
    return tuple(s for s in spoken if s.word is not None and s.word <= end and s.weight >= CONCRETE)


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
        if entry and not is_measure(folded, at, language):
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
    there = tuple(s for s in found.values() if not _is_absent(folded, s))
    return there or tuple(found.values())


def _is_absent(folded: list[str], subject: Subject) -> bool:
    """Whether the sentence says that there is none of it ("instead of iron", "no water")."""
    assert subject.word is not None  # noqa: S101 - found in this sentence
    first = subject.word - subject.name.count(" ")
    absent = lexicon.hints().absent
    return any(" ".join(folded[max(0, first - n) : first]) in absent for n in (1, 2))


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
        run[0] in lexicon.numbers(language)
        or run[-1] in hints.magnitudes
        or (length == 1 and run[0] in hints.scale | hints.shrinking)
    ):
        return None
    if length == 1 and (run[0] in hints.stopwords[language] or _is_verb_here(folded, at)):
        return None
    if length == 1 and run[0] in hints.false_friends and _is_hinglish(folded):
        return None
    return _looked_up(run, language)


def _is_hinglish(folded: list[str]) -> bool:
    return sum(word in lexicon.hints().hinglish for word in folded) >= HINGLISH_WORDS


def _looked_up(run: tuple[str, ...], language: str) -> Entry | None:
    """Exact first, then inflected forms of the last word, then kin of a single word."""
    if not run[-1]:
        return None
    for form in lexicon.forms(run[-1], language):
        for table in lexicon.tables(run[-1], language):
            entry = table.get((*run[:-1], form))
            if entry:
                return replace(entry, weight=WEAK_WEIGHT) if _is_weak(run, form, language) else entry
    if len(run) > 1 or (language != "en" and run[0] in lexicon.hints().false_friends_in[language]):
        return None
    if language == "en" and len(run[0]) > 3 and run[0].endswith("e"):
        bent = lexicon.curated().get((f"{run[0][:-1]}a",))  # Latin-script Hindi: kauwa, kauwe
        if bent:
            return bent
    near = lexicon.nearest(run[0], lexicon.KIN_SHARE if language == "en" else lexicon.KIN_SHARE_ABROAD)
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
        if words[before][-1:] in PAUSES or folded[before] in lexicon.hints().magnitudes:
            break
        # "do" is two in Hindi and "of the" in Portuguese.
        is_small_word = language != "en" and folded[before] in lexicon.hints().stopwords[language]
        number = 0 if is_small_word else small_number(folded[before], language)
        if number:
            return number
    return 1


def _chosen(scene: tuple[Subject, ...], topic: tuple[Subject, ...]) -> tuple[Subject, ...]:
    """The strongest few in the order in which they are spoken; what is only described comes last.

    A scene without a thing of its own shows the topic's, beside its idea if it has one.
    """
    own = _distinct(scene)
    best = max((s.weight for s in own), default=0.0)
    if best < CONCRETE and topic:
        ideas = [s for s in own if s.weight > WEAK_WEIGHT][:1]
        things = _strongest([s for s in _distinct(topic) if s.weight > WEAK_WEIGHT] or own)
        alone = bool(scene and things) and manners.is_thinker(things[0].emoji)
        return tuple(_distinct([*ideas, *things[: 1 if alone else 2]]))
    if any(manners.is_animal(s.emoji) for s in own):
        own = [s for s in own if s.emoji not in HUMAN_ACTS]
    return tuple(sorted(_strongest(own)[:MOST_KINDS], key=own.index))


def _with_hero(shown: tuple[Subject, ...], topic: tuple[Subject, ...], opening: bool) -> tuple[Subject, ...]:
    """The scene with who or what everything is about, where it has room and would be a riddle without.

    An opening says what the video is about; a lone thing belongs to the animal or person of the story. Ideas
    give way to things, unless somebody is there to have them.
    """
    things = [s for s in topic if s.weight >= CONCRETE]
    hero = max(things, key=lambda s: s.weight, default=None)
    is_new = hero is not None and all(s.emoji != hero.emoji for s in shown)
    if hero and is_new and shown and len(shown) < MOST_KINDS:
        others = any(manners.is_thinker(s.emoji) for s in shown)
        alone = len(shown) < 3 and manners.is_thinker(hero.emoji) and not others
        if opening or alone:
            shown = (*shown, replace(hero, count=1))
    solid = [s for s in shown if s.weight >= CONCRETE]
    somebody = any(manners.is_thinker(s.emoji) for s in shown)
    return tuple(solid) if len(solid) > 1 and not somebody else shown


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


def _figure(
    words: tuple[str, ...], folded: list[str], subjects: tuple[Subject, ...], language: str
) -> Figure | None:
    """The most striking number: money and shares first, then the largest; small counts are not figures."""
    best: tuple[tuple[int, float], Figure] | None = None
    for at, word in enumerate(folded):
        following = folded[at + 1] if at + 1 < len(folded) else ""
        rank = (strikingness(word, following, language), worth(word))
        if (
            rank[0]
            and not _counts_something(word, at, subjects, language)
            and (best is None or rank > best[0])
        ):
            best = (rank, as_figure(words, folded, at, language))
    return best[1] if best else None


def _moving(folded: list[str]) -> tuple[str, int] | None:
    hints = lexicon.hints()
    for at, word in enumerate(folded):
        two = " ".join(folded[at : at + 2])
        if word in hints.leaving or two in hints.leaving:
            return "leave", at
        if word in hints.nearing:
            return "near", at
    return None


def _counts_something(word: str, at: int, subjects: tuple[Subject, ...], language: str) -> bool:
    number = small_number(word, language)
    return bool(number) and any(
        s.count == number and s.word is not None and 0 < s.word - at <= 3 for s in subjects
    )


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


def _headline(words: tuple[str, ...], folded: list[str], subjects: tuple[Subject, ...], language: str) -> str:
    """All of a short text, else the few neighbouring words that say most; nothing small at either end."""
    plain = [word.strip(" .,;:!…\"'()।—-") for word in words]
    ends = (at for at, word in enumerate(words) if word[-1:] in ENDS)
    first = [p for p in plain[: next(ends, len(words)) + 1] if p]
    if len(first) <= SHORT_WORDS and sum(map(len, first)) <= SHORT_LETTERS:
        return " ".join(first)
    hints, numbers = lexicon.hints(), lexicon.numbers(language)
    small = hints.stopwords[language]
    named = {s.word for s in subjects}
    worth = [
        (2.0 if at in named else 0.0)
        + (2.0 if SIGNS.match(word) or word in numbers or word in hints.magnitudes else 0.0)
        + (0.0 if word in small or not word else 0.6 if word in hints.weak else 1.0)
        for at, word in enumerate(folded)
    ]
    best, most = "", 0.0
    for length in range(1, HEADLINE_WORDS + 1):
        for at in range(len(words) - length + 1):
            run = range(at, at + length)
            inner = any(words[i][-1:] in PAUSES for i in run[:-1])
            text = " ".join(plain[i] for i in run)
            if inner or not worth[at] or worth[at + length - 1] < 1 or len(text) > HEADLINE_LETTERS:
                continue
            score = sum(worth[i] for i in run) - 0.3 * length - 0.04 * max(0, len(text) - 22) - 0.06 * at
            if score > most:
                best, most = text, score
    return best or _keyword(words, folded, language)


def _beside(words: tuple[str, ...], folded: list[str], figure: Figure | None, language: str) -> str:
    """What the first sentence says before its figure, to be read on into it; nothing small at either end."""
    if figure is None or figure.word is None:
        return ""
    before = _trimmed(words[: figure.word], folded, language)
    return before if len(before) <= HEADLINE_LETTERS else ""


def _trimmed(words: tuple[str, ...], folded: list[str], language: str) -> str:
    small = lexicon.hints().stopwords[language]
    kept = [at for at in range(len(words)) if folded[at] and folded[at] not in small]
    if not kept:
        return ""
    return " ".join(words[kept[0] : kept[-1] + 1]).strip(" .,;:!…\"'()।—-")


def _keyword(words: tuple[str, ...], folded: list[str], language: str) -> str:
    """The longest word that is not a small one, with a short word of weight before it: what a card says."""
    hints = lexicon.hints()
    small = hints.stopwords[language]
    plain = [word.strip(" .,;:!?…\"'()।—-") for word in words]
    weighty = [at for at, word in enumerate(folded) if word and word not in small and word not in hints.weak]
    if not weighty:
        return max(plain, key=len, default="")
    at = max(weighty, key=lambda i: len(plain[i]))
    before = at > 0 and folded[at - 1] not in small and words[at - 1][-1:].isalpha()
    return (
        f"{plain[at - 1]} {plain[at]}" if before and len(plain[at - 1]) + len(plain[at]) < 18 else plain[at]
    )

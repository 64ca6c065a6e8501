"""The embedded writer: only the brief's words, a hook that holds back, a tail that leads on."""

import random
import re
from dataclasses import replace
from itertools import pairwise

import pytest

from apps.contracts.brief import Brief
from apps.contracts.decision import HookType, LoopTechnique
from apps.contracts.judgement import Directive, DirectiveKind
from apps.contracts.opening import opening_of
from apps.contracts.story import Purpose
from apps.foundation.providers import UnableToProvide
from apps.story.arc import cut
from apps.story.assignment import Assignment
from apps.story.hooks import figure
from apps.story.interest import Fact, follows, hookable
from apps.story.phrases import Phrasebook, phrasebook, stock
from apps.story.providers.facts import FactsWriter
from apps.story.timing import Beat, cuts
from apps.story.topic import read_topic
from apps.story.wording import sentences, stems, words

from . import briefs

GREETING = re.compile(r"^(hi|hey|hello|welcome|in this video|today (we|i))", re.IGNORECASE)


def write(brief: Brief, hook_type: HookType = HookType.MYSTERY, **changes: object) -> tuple[Beat, ...]:
    return FactsWriter().write(briefs.assignment(brief, hook_type, **changes))


def directive(kind: DirectiveKind, amount: float = 1.0) -> Directive:
    return Directive(kind=kind, ordinal=None, amount=amount, reason="measured")


def book_of(brief: Brief) -> Phrasebook:
    return phrasebook(brief.language, brief.topic)


@pytest.mark.parametrize("brief", briefs.ALL, ids=lambda b: b.topic)
@pytest.mark.parametrize("hook_type", HookType)
@pytest.mark.parametrize("loop", LoopTechnique)
def test_says_nothing_but_the_briefs_words_and_the_curated_stock(
    brief: Brief, hook_type: HookType, loop: LoopTechnique
) -> None:
    material = [brief.topic, *brief.facts, brief.source_text, *stock(book_of(brief))]
    allowed = set(words(" ".join(material))) | {"the"}
    for seed in range(3):
        beats = write(replace(brief, seed=seed), hook_type, strategy=briefs.strategy(loop=loop))
        said = {word for beat in beats for word in words(beat.narration)}
        assert said <= allowed
        assert "{" not in "".join(beat.narration for beat in beats)


@pytest.mark.parametrize("brief", briefs.ALL, ids=lambda b: b.topic)
@pytest.mark.parametrize("hook_type", HookType)
def test_opens_otherwise_than_the_channels_newest_shorts(brief: Brief, hook_type: HookType) -> None:
    once = opening_of(write(brief, hook_type)[0].narration)
    again = opening_of(write(brief, hook_type, openings=(once,))[0].narration)
    assert again != once


@pytest.mark.parametrize("brief", briefs.ALL, ids=lambda b: b.topic)
@pytest.mark.parametrize("hook_type", HookType)
def test_opens_short_without_greeting_and_without_the_payoff(brief: Brief, hook_type: HookType) -> None:
    book = book_of(brief)
    beats = write(brief, hook_type)
    first = sentences(beats[0].narration, book)[0]
    assert len(words(first)) <= 12
    assert not GREETING.match(first)
    topic = stems(brief.topic, book)
    frames = stems(" ".join(stock(book)), book)
    told_last = stems(beats[-2].narration, book) - topic - frames
    assert not stems(beats[0].narration, book) & told_last


@pytest.mark.parametrize("brief", briefs.ALL, ids=lambda b: b.topic)
def test_goes_from_hook_through_escalation_to_twist_and_loop(brief: Brief) -> None:
    purposes = [beat.purpose for beat in write(brief)]
    assert purposes[0] is Purpose.HOOK
    assert purposes[-2:] == [Purpose.TWIST, Purpose.LOOP]
    assert set(purposes[1:-2]) == {Purpose.ESCALATE}


@pytest.mark.parametrize("brief", briefs.ALL, ids=lambda b: b.topic)
def test_never_tells_a_fact_twice(brief: Brief) -> None:
    book = book_of(brief)
    told = [s for beat in write(brief)[:-1] for s in sentences(beat.narration, book)]
    assert len(told) == len(set(told))


def test_leads_the_last_line_back_into_the_first() -> None:
    for brief in briefs.ALL:
        tail = write(brief)[-1].narration
        assert re.search(r"(:|because|porque|क्योंकि)$", tail), tail


def test_keeps_a_tale_in_its_order_and_whole() -> None:
    beats = write(briefs.CROW)
    told = " ".join(beat.narration for beat in beats)
    places = [told.index(fact.rstrip("।")) for fact in briefs.CROW.facts]
    assert places == sorted(places)


@pytest.mark.parametrize("brief", briefs.IN_ORDER, ids=lambda b: b.topic)
@pytest.mark.parametrize("hook_type", [HookType.MYSTERY, HookType.QUESTION, HookType.NUMBER])
def test_tells_a_tale_steps_or_a_sum_whole_and_in_order(brief: Brief, hook_type: HookType) -> None:
    for seed in range(3):
        beats = write(replace(brief, seed=seed), hook_type)
        told = [w for beat in beats[1:-1] for w in words(beat.narration)]
        supplied = [
            w
            for s in briefs.assignment(brief).statements
            for w in words(s)
            if w not in book_of(brief).stopwords
        ]
        rest = iter(told)
        assert all(word in rest for word in supplied), supplied


@pytest.mark.parametrize("brief", [briefs.CROW, briefs.HARE, briefs.LION], ids=lambda b: b.topic)
def test_opens_a_tale_on_its_end_and_closes_it_on_its_lesson(brief: Brief) -> None:
    task = briefs.assignment(brief)
    for kind in HookType:
        opening, *_, twist, _ = FactsWriter().write(briefs.assignment(brief, kind))
        frames = task.book.tales.get(kind.value, task.book.tales["mystery"])
        assert opening.narration in [f.format_map({**task.topic.slots}) for f in frames]
        assert twist.narration.endswith(task.statements[-1])


def test_lands_on_what_follows_from_the_strongest_fact() -> None:
    facts = (
        "An octopus has three hearts.",
        "Two hearts pump blood to the gills, and the third pumps it to the rest of the body.",
        "Octopus blood is blue, because it carries copper instead of iron.",
        "The third heart stops beating whenever the octopus swims.",
        "That is why an octopus would rather crawl than swim.",
        "An octopus also has nine brains, one in its head and one in each arm.",
    )
    *_, before, twist, _ = write(Brief(topic="Why an octopus has three hearts", facts=facts))
    assert (before.narration, twist.narration) == facts[3:5]


@pytest.mark.parametrize(
    ("topic", "language", "question"),
    [
        ("Subah jaldi kaise uthe", "hi", "Subah jaldi kaise uthe?"),
        ("आसमान नीला क्यों होता है", "hi", "आसमान नीला क्यों होता है?"),
        (briefs.BOLA.topic, "pt", f"{briefs.BOLA.topic}?"),
    ],
)
def test_asks_what_the_topic_asks(topic: str, language: str, question: str) -> None:
    read = read_topic(topic, "", phrasebook(language, topic))
    assert (read.question, read.noun, read.asking) == (question, "", "")


def test_takes_no_sentence_for_a_name_and_opens_with_it() -> None:
    topic = "Trees talk to each other"
    assert read_topic(topic, "Trees in a forest.", phrasebook("en")).noun == ""
    facts = (
        "Trees trade sugar through fungi.",
        "They warn their neighbours of insects.",
        "Mothers feed seedlings.",
    )
    for kind in set(HookType) - {HookType.NUMBER}:
        assert write(Brief(topic=topic, facts=facts), kind)[0].narration.startswith(f"{topic}.")
    assert read_topic("Trees of the north", "Trees in a forest.", phrasebook("en")).noun


def test_tells_no_fact_without_the_one_it_follows_from() -> None:
    for seed in range(8):
        told = " ".join(b.narration for b in write(replace(briefs.OCTOPUS, seed=seed)))
        if "That heart stops" in told:
            assert told.index("The third heart") < told.index("That heart stops")


def test_tells_facts_that_lean_on_each_other_whole_and_in_order() -> None:
    facts = (
        "Honey never spoils.",
        "Archaeologists found 3,000-year-old honey in Egyptian tombs.",
        "Bees fan it with their wings until it is only 17% water.",
        "That is too dry for any bacteria to live in.",
    )

    body = " ".join(
        beat.narration for beat in write(Brief(topic="Why honey never spoils", facts=facts))[1:-1]
    )

    places = [body.find(" ".join(fact.split()[-2:])) for fact in facts]
    assert places == sorted(places)
    assert -1 not in places


def test_ends_a_history_as_it_ended_and_keeps_what_led_there() -> None:
    told = " ".join(beat.narration for beat in write(briefs.EMUS))
    first, *_, climax, _end = briefs.EMUS.facts
    assert told.index(first) < told.index(climax) < told.index("After a month the army gave up")
    assert write(briefs.EMUS)[-2].narration.endswith("and the emus won.")


def test_keeps_a_sentence_whole_where_only_a_fragment_would_follow() -> None:
    book = phrasebook("en")
    whole = "An octopus has nine brains, one of them for each arm."
    assert cut(whole, 7, book) == [whole]
    long = "The soldiers fired two thousand rounds of ammunition in the first three days."
    assert cut(long, 7, book) == [long[:52], long[53:]]
    assert cut("उसे लगा कि वहाँ एक और कुत्ता है।", 4, phrasebook("hi")) == ["उसे लगा कि वहाँ एक और कुत्ता है।"]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("An octopus has nine brains, one of them for each arm.", "nine brains"),
        ("The first lander survived only 23 minutes.", "23 minutes"),
        ("A latte a day costs $1,800 a year.", "$1,800"),
        ("Four years later, 28 of 40 jumpers used his style.", ""),
        ("At minus 20 degrees, a phone can lose half of its charge.", ""),
        ("One soldier mounted a gun on a truck.", ""),
        ("In 1932 Australia sent soldiers.", ""),
    ],
)
def test_finds_the_figure_that_says_something_to_a_stranger(text: str, wanted: str) -> None:
    assert figure(text, phrasebook("en")) == wanted


def test_never_opens_with_a_number_that_nothing_explains() -> None:
    for seed in range(8):
        hook = write(replace(briefs.HONEY, facts=briefs.HONEY.facts[:1], seed=seed), HookType.NUMBER)[0]
        assert "number" not in hook.narration


def test_opens_a_why_topic_with_its_own_question() -> None:
    brief = replace(briefs.OCTOPUS, topic="Why an octopus has three hearts")
    for kind in set(HookType) - {HookType.NUMBER}:
        for seed in range(4):
            opening = write(replace(brief, seed=seed), kind)[0].narration
            assert "why an octopus has three hearts" in opening


def test_keeps_the_capitals_of_a_name() -> None:
    hooks = {write(replace(briefs.EMUS, seed=s), k)[0].narration for s in range(3) for k in HookType}
    assert not any("emu War" in hook or "about The" in hook for hook in hooks)
    assert any("the Great Emu War" in hook for hook in hooks)


def test_does_not_open_with_a_fact_that_points_back() -> None:
    book = phrasebook("en")
    fact = Fact(1, "You paid in only $36,000 of that.", 2.0)
    assert follows(fact.text, book)
    assert not hookable(fact, book)


def test_is_the_same_for_the_same_seed_and_varies_with_it() -> None:
    assert write(briefs.OCTOPUS) == write(briefs.OCTOPUS)
    assert len({write(replace(briefs.OCTOPUS, seed=s))[0].narration for s in range(8)}) > 1


def test_shows_the_nouns_and_counts_of_what_is_said() -> None:
    beats = write(briefs.OCTOPUS)
    visual = next(b.visual for b in beats if b.narration.startswith("An octopus has three hearts"))
    assert visual == "octopus, three hearts; octopus hearts"
    assert beats[-1].visual == beats[0].visual


def test_uses_the_number_hook_only_with_a_figure_that_is_explained_later() -> None:
    for seed in range(6):
        first, *rest = write(replace(briefs.MONEY, seed=seed), HookType.NUMBER)
        opening = re.match(r"([$\d,%]+)\. ", first.narration)
        if opening:
            assert any(opening[1] in beat.narration for beat in rest)


@pytest.mark.parametrize("length", [15, 25, 40])
def test_comes_near_the_wanted_length_where_the_material_allows(length: int) -> None:
    task = briefs.assignment(briefs.OCEAN, strategy=briefs.strategy(length=length, scenes=length // 3))
    beats = FactsWriter().write(task)
    edges = cuts(beats, speed=task.speed, wanted=length, least=8, most=60)
    assert abs(edges[-1] - length) <= 0.2 * length
    assert all(a < b for a, b in pairwise(edges))


def test_rewrites_the_hook_and_leaves_every_other_scene_word_for_word() -> None:
    before = write(briefs.OCTOPUS)
    orders = (directive(DirectiveKind.REWRITE_HOOK),)
    after = write(briefs.OCTOPUS, previous=before, directives=orders, attempt=2)
    assert after[0].narration != before[0].narration
    assert after[1:] == before[1:]


@pytest.mark.parametrize("kind", [DirectiveKind.REWRITE_HOOK, DirectiveKind.CLOSE_LOOP])
def test_what_was_rewritten_in_vain_is_rewritten_otherwise(kind: DirectiveKind) -> None:
    before = write(briefs.OCTOPUS)
    changed = 0 if kind is DirectiveKind.REWRITE_HOOK else -1
    tried = [
        write(briefs.OCTOPUS, previous=before, directives=(replace(directive(kind), variation=n),), attempt=2)
        for n in range(3)
    ]
    assert len({beats[changed].narration for beats in (before, *tried)}) == 4


def test_closes_the_loop_with_another_tail_only() -> None:
    before = write(briefs.OCTOPUS)
    after = write(
        briefs.OCTOPUS, previous=before, directives=(directive(DirectiveKind.CLOSE_LOOP),), attempt=2
    )
    assert after[:-1] == before[:-1]
    assert after[-1].narration != before[-1].narration


def test_tightens_with_more_and_shorter_scenes_of_the_same_words() -> None:
    before = write(briefs.OCEAN)
    orders = (directive(DirectiveKind.TIGHTEN_PACING),)
    after = write(briefs.OCEAN, previous=before, directives=orders, attempt=2)
    assert len(after) > len(before)
    assert after[0] == before[0]
    assert after[-1] == before[-1]
    assert {w for b in after for w in words(b.narration)} <= {w for b in before for w in words(b.narration)}


def test_changes_nothing_for_directives_of_other_stages() -> None:
    before = write(briefs.OCTOPUS)
    assert write(briefs.OCTOPUS, previous=before, directives=(directive(DirectiveKind.LOWER_BED),)) == before


def test_survives_whatever_people_paste() -> None:
    dice = random.Random(3)
    signs = "ab Cd 12 3. ! ? , : — {topic} {fact} \\N <b> 🐙 é ß क 漢 \u202e \u200b \n - ' \" … ; is not The"
    for _ in range(150):
        text = "".join(dice.choice(signs) for _ in range(dice.randint(1, 90)))
        brief = Brief(topic=text[:40], facts=(text, text[::-1]), source_text=text)
        task: Assignment = briefs.assignment(brief, dice.choice(list(HookType)))
        try:
            beats = FactsWriter().write(task)
        except UnableToProvide:
            continue
        assert all(words(beat.narration) for beat in beats)

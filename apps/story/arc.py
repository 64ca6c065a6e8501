"""From scored facts to the order of a short: which are told, in which scenes, which is kept for the twist."""

from dataclasses import dataclass, replace

from apps.story.interest import LONGEST_TWIST, Fact, hookable, is_sequence, is_tale, strongest
from apps.story.phrases import Phrasebook
from apps.story.wording import borders, shortened, spoken_length

#: Spoken words of one fact that a short can carry; longer ones lose their last clauses.
LONGEST_FACT = 24.0
#: Sentences up to which a text is one train of thought; out of a longer one a short tells the best parts.
SHORT_PROSE = 14
#: Share by which a scene may exceed its wanted words before it is cut in two.
SLACK = 1.35
#: Surprise that a word costs when facts compete for room: two short facts beat one long one.
COST = 0.07
#: Words below which two neighbouring pieces share a scene.
SHORTEST_SCENE = 4.0
#: Words of a scene that are never cut further, however many scenes are wanted: a sentence is heard whole.
MOST_PUNCHY = 7.0

#: Spoken words beyond which one picture stands too long, and a sentence is cut at a looser border too.
LONGEST_SHOT = 11.0
#: How many words further from the middle a firm border may be to be preferred to a loose one.
LOOSE = 5.0


@dataclass(frozen=True)
class Material:
    """What the facts allow: the twist, the others in the order of telling, and those a hook may spend."""

    told: list[Fact]
    twist: Fact
    spendable: list[Fact]
    sequence: bool
    tale: bool = False
    lead_in: Fact | None = None  # what the twist follows from, told right before it


@dataclass(frozen=True)
class Budget:
    """`words` wanted in the whole body, `most` that fit at all, `scenes` wanted for the body."""

    words: float
    most: float
    scenes: int

    @property
    def per_scene(self) -> float:
        """Words wanted in one scene of the body."""
        return max(MOST_PUNCHY, self.words / max(1, self.scenes))


def sort_material(facts: list[Fact], room: float, book: Phrasebook, *, prose: bool = False) -> Material:
    """Choose the twist, and what may be spent on the hook: nothing of a sequence, nothing where little is.

    `room` is what the body may say, in words; the twist takes less than half of it where it can. A short
    explanation in `prose` is kept in its order; a list of facts need not be.
    """
    sequence = (prose and len(facts) <= SHORT_PROSE) or is_sequence(facts, book) or _is_chain(facts)
    twist = strongest(facts, book, sequence=sequence, most=min(LONGEST_TWIST, 0.4 * room))
    lead_in = None
    follower = next((f for f in facts if f.order == twist.order + 1 and f.tied), None)
    if not sequence and follower and follower.length <= LONGEST_TWIST and not _leans_on(facts, follower):
        lead_in, twist = twist, follower  # what follows from the strongest fact lands harder than it does
    told = [f for f in facts if f is not twist]
    enough = not sequence and len(told) >= 3
    spendable = [f for f in told if hookable(f, book) and not _is_leant_on(f, facts)] if enough else []
    return Material(told, twist, spendable, sequence, is_tale(facts, book), lead_in)


def _leans_on(facts: list[Fact], fact: Fact) -> bool:
    return any(f.order == fact.order + 1 and f.tied for f in facts)


def _is_chain(facts: list[Fact]) -> bool:
    """Whether most facts follow from the one before ("That is why..."): torn apart they make no sense."""
    later = facts[1:]
    return len(facts) >= 3 and 2 * sum(f.tied for f in later) > len(later)


def _is_leant_on(fact: Fact, facts: list[Fact]) -> bool:
    after = next((f for f in facts if f.order == fact.order + 1), None)
    return after is not None and after.tied


def pick(
    material: Material, spent: Fact | None, needed: Fact | None, budget: Budget, book: Phrasebook
) -> list[Fact]:
    """The facts to tell before the twist, in the brief's order, near the budget and never beyond the most.

    `spent` is told by the hook already; `needed` is told in any case.
    """
    left = [_fitted(f, book) for f in material.told if f is not spent]
    twist = spoken_length(shortened(material.twist.text, LONGEST_FACT, book))
    chosen: list[Fact] = []
    for group in _by_worth(left, material, needed):
        fresh = [f for f in group if f not in chosen]
        used, extra = sum(f.length for f in chosen) + twist, sum(f.length for f in fresh)
        over = used + extra - budget.words
        first = not chosen and extra <= max(8.0, 0.6 * budget.words)
        if first or over <= 0 or (over < 0.5 * extra and used + extra <= budget.most):
            chosen.extend(fresh)
    if not chosen and left:
        chosen = [min(left, key=lambda f: f.length)]
    return sorted(chosen, key=lambda f: (_is(f, material.lead_in), f.order))


def _is(fact: Fact, other: Fact | None) -> bool:
    return other is not None and fact.order == other.order


def _fitted(fact: Fact, book: Phrasebook) -> Fact:
    return replace(fact, text=shortened(fact.text, LONGEST_FACT, book))


def _by_worth(facts: list[Fact], material: Material, needed: Fact | None) -> list[list[Fact]]:
    """The most surprising first, each with the facts it follows from; a sequence keeps its opening
    and what leads to its end.

    A fact whose forerunner is told elsewhere (hook or twist) is left out: it would follow the wrong one.
    """
    tale = material.told if material.sequence else []
    must = (*tale[:1], *tale[-1:], needed, material.lead_in)
    kept = {f.order for f in must if f}
    ranked = sorted(facts, key=lambda f: (f.order not in kept, COST * f.length - f.surprise))
    groups = (_with_forerunners(f, facts) for f in ranked)
    return [g for g in groups if g]


def _with_forerunners(fact: Fact, facts: list[Fact]) -> list[Fact]:
    group = [fact]
    while group[0].order > 0 and group[0].tied:
        before = next((f for f in facts if f.order == group[0].order - 1), None)
        if before is None:
            return []
        group.insert(0, before)
    return group


def scenes_of(facts: list[Fact], budget: Budget, book: Phrasebook) -> list[str]:
    """The facts as narrations: long facts cut at clause borders, short neighbours sharing a scene."""
    pieces = [piece for fact in facts for piece in cut(fact.text, budget.per_scene * SLACK, book)]
    joined: list[str] = []
    for piece in pieces:
        together = spoken_length(joined[-1]) + spoken_length(piece) if joined else 0.0
        short = bool(joined) and min(spoken_length(joined[-1]), spoken_length(piece)) < SHORTEST_SCENE
        if joined and (together <= budget.per_scene or (short and together <= budget.per_scene * SLACK)):
            joined[-1] = f"{joined[-1]} {piece}"
        else:
            joined.append(piece)
    return joined


def cut(text: str, most: float, book: Phrasebook, *, loose_from: float = LONGEST_SHOT) -> list[str]:
    """A fact cut at the border nearest its middle, again and again, until each part fits.

    The parts keep their words; one that breaks off before a conjunction gets a comma, so that the voice
    stays up. A looser border (before "in the...") is taken only where the part has more than
    `loose_from` words, too long to be looked at. One without a border stays whole.
    """
    length = spoken_length(text)
    found = [b for b in borders(text, book) if not b.loose or length > loose_from] if length > most else []
    if not found:
        return [text]
    best = min(found, key=lambda b: abs(spoken_length(b.before) - spoken_length(b.after)) + LOOSE * b.loose)
    first = best.before if best.loose else _open_ended(best.before)
    rest = best.after
    return [p for part in (first, rest) for p in cut(part, most, book, loose_from=loose_from)]


def _open_ended(text: str) -> str:
    return text if text[-1:] in ",;:.!?।" else f"{text},"


def with_more_scenes(scenes: list[str], wanted: int, book: Phrasebook) -> list[str]:
    """The longest scenes cut in two until there are `wanted`, as far as clause borders allow."""
    scenes = list(scenes)
    while len(scenes) < wanted:
        parts, at = max(
            ((_halves(text, book), i) for i, text in enumerate(scenes)),
            key=lambda option: spoken_length(scenes[option[1]]) if len(option[0]) > 1 else 0,
            default=([], 0),
        )
        if len(parts) < 2:
            break
        scenes[at : at + 1] = parts
    return scenes


def _halves(text: str, book: Phrasebook) -> list[str]:
    parts = cut(text, spoken_length(text) - 1, book)
    return [parts[0], " ".join(parts[1:])] if len(parts) > 1 else []

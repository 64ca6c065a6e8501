"""Mends an earlier attempt: what a directive names changes, everything else stays word for word."""

from dataclasses import replace

from apps.contracts.decision import HookType
from apps.contracts.judgement import Directive, DirectiveKind
from apps.contracts.story import Purpose
from apps.story.arc import cut
from apps.story.assignment import Assignment
from apps.story.hooks import Hook, choose_hook
from apps.story.interest import Fact
from apps.story.loops import choose_tail
from apps.story.timing import Beat
from apps.story.topic import Topic
from apps.story.wording import sentences, shortened, spoken_length, stems

#: Share of a scene's words that the strongest TIGHTEN_PACING takes off its limit.
TIGHTEST = 0.45
#: Spoken words below which a scene is not cut any more.
SHORTEST_CUT = 6.0


def revised(assignment: Assignment, topic: Topic, facts: list[Fact]) -> tuple[Beat, ...]:
    """The previous beats after every directive that is the writer's business."""
    beats = assignment.previous
    for directive in assignment.directives:
        if directive.kind is DirectiveKind.TIGHTEN_PACING:
            beats = tightened(beats, directive, assignment)
        elif directive.kind is DirectiveKind.REWRITE_HOOK:
            beats = (rehooked(beats, assignment, topic, facts), *beats[1:])
        elif directive.kind is DirectiveKind.CLOSE_LOOP:
            beats = (*beats[:-1], relooped(beats, assignment, topic))
    return beats


def rehooked(beats: tuple[Beat, ...], assignment: Assignment, topic: Topic, facts: list[Fact]) -> Beat:
    """Another first sentence. It spends no fact that the other scenes tell, and keeps its form (question
    or not) where it can, since the tail reads on into it."""
    book, before = assignment.book, beats[0]
    told = stems(" ".join(b.narration for b in beats[1:]), book)
    unsaid = [f for f in facts if len(stems(f.text, book) & told) <= 0.5 * len(stems(f.text, book))]
    dice = assignment.dice("rehook")
    kinds = [assignment.hook_type, *dice.sample(list(HookType), len(HookType))]
    twist = next((b.narration for b in beats if b.purpose is Purpose.TWIST), "")
    options = [
        choose_hook(
            kind, topic=topic, facts=facts, spendable=unsaid, payoff=twist, book=book, rng=dice,
            avoid=frozenset({before.narration}),
        )
        for kind in kinds
    ]  # fmt: skip
    was_question = before.narration.rstrip().endswith("?")
    chosen = next((h for h in options if h.is_question is was_question), options[0])
    return replace(before, narration=chosen.text)


def relooped(beats: tuple[Beat, ...], assignment: Assignment, topic: Topic) -> Beat:
    """Another tail; what the last scene tells before it stays, and its picture becomes the first one."""
    last, book = beats[-1], assignment.book
    kept = sentences(last.narration, book)[:-1]
    tail = choose_tail(
        assignment.strategy.loop_technique,
        Hook(beats[0].narration),
        topic,
        book=book,
        rng=assignment.dice("retail"),
        avoid=frozenset({last.narration, *(s for s in sentences(last.narration, book)[-1:])}),
    )
    told = [s for s in kept if stems(s, book) & _stems_of_statements(assignment)]
    return replace(last, narration=" ".join([*told, tail]), visual=beats[0].visual)


def _stems_of_statements(assignment: Assignment) -> frozenset[str]:
    return stems(" ".join(assignment.statements), assignment.book)


def tightened(beats: tuple[Beat, ...], directive: Directive, assignment: Assignment) -> tuple[Beat, ...]:
    """The named scene (or the whole body) with shorter sentences, cut into more scenes at clause borders."""
    body = [b for b in beats if b.purpose is Purpose.ESCALATE or b.purpose is Purpose.TWIST]
    longest = max((spoken_length(b.narration) for b in body), default=0.0)
    limit = max(SHORTEST_CUT, longest * (1 - TIGHTEST * directive.amount))
    done: list[Beat] = []
    for ordinal, beat in enumerate(beats):
        named = directive.ordinal in {None, ordinal} and beat in body
        done.extend(_tightened_one(beat, limit, assignment) if named else [beat])
    return tuple(done)


def _tightened_one(beat: Beat, limit: float, assignment: Assignment) -> list[Beat]:
    if spoken_length(beat.narration) <= limit:
        return [beat]
    book = assignment.book
    if beat.purpose is Purpose.TWIST:
        said = sentences(beat.narration, book)
        short = [shortened(s, limit, book) for s in said]
        return [replace(beat, narration=" ".join(short))]
    whole = sentences(beat.narration, book)
    parts = [p for s in whole for p in cut(s, limit, book, loose_from=limit)]
    return [replace(beat, narration=p) for p in parts]

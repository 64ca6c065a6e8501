"""Mends an earlier attempt: what a directive names changes, everything else stays word for word."""

from collections.abc import Iterable
from dataclasses import replace

from apps.contracts.judgement import Directive, DirectiveKind
from apps.contracts.story import Purpose, SceneEdit
from apps.story.arc import LONGEST_FACT, cut
from apps.story.assignment import Assignment, is_about_speed
from apps.story.interest import Fact
from apps.story.rewording import other_hooks, other_tails
from apps.story.timing import Beat
from apps.story.topic import Topic
from apps.story.visuals import visual_of
from apps.story.wording import clean, sentences, shortened, spoken_length, stems

#: Share of a scene's words that the strongest TIGHTEN_PACING takes off its limit.
TIGHTEST = 0.45
#: Spoken words below which a scene is not cut any more.
SHORTEST_CUT = 6.0


def revised(assignment: Assignment, topic: Topic, facts: list[Fact]) -> tuple[Beat, ...]:
    """The previous beats after every directive that is the writer's business."""
    beats = assignment.previous
    for directive in from_the_end(assignment.directives):
        if directive.kind is DirectiveKind.TIGHTEN_PACING:
            beats = tightened(beats, directive, assignment)
        elif directive.kind is DirectiveKind.REWRITE_HOOK:
            beats = (rehooked(beats, assignment, topic, facts, directive.variation), *beats[1:])
        elif directive.kind is DirectiveKind.CLOSE_LOOP:
            beats = (*beats[:-1], relooped(beats, assignment, topic, directive.variation))
        elif directive.kind is DirectiveKind.MEND_FACTS:
            beats = sourced(beats, directive, assignment, topic, facts)
    return beats


def edited(beats: tuple[Beat, ...], edits: Iterable[SceneEdit]) -> tuple[Beat, ...]:
    """The beats with a person's changes; an edit of a scene that is not there changes nothing."""
    by_scene = {edit.ordinal: edit for edit in edits}
    return tuple(
        replace(
            beat,
            narration=clean(by_scene[n].narration) or beat.narration,
            visual=clean(by_scene[n].visual) or beat.visual,
        )
        if n in by_scene
        else beat
        for n, beat in enumerate(beats)
    )


def from_the_end(directives: Iterable[Directive]) -> list[Directive]:
    """The directives, those of later scenes first: what one adds or takes away moves no other one's scene.

    Those of the whole video come last.
    """
    return sorted(directives, key=lambda d: -1 if d.ordinal is None else d.ordinal, reverse=True)


def rewrites(assignment: Assignment) -> dict[int, str]:
    """The scenes that need other words, and why, in words for who writes them."""
    beats, wanted = assignment.previous, dict[int, str]()
    for directive in assignment.directives:
        if directive.kind is DirectiveKind.REWRITE_HOOK:
            wanted[0] = "another first sentence that takes hold in other words."
        elif directive.kind is DirectiveKind.CLOSE_LOOP:
            wanted[len(beats) - 1] = "another last line, which leads on into the first one."
        elif directive.kind is DirectiveKind.MEND_FACTS:
            wanted |= dict.fromkeys(_named(directive, beats, assignment), "say only what the facts state.")
    return {n: f"{why} {_beyond(beats[n], assignment)}".strip() for n, why in sorted(wanted.items())}


def _named(directive: Directive, beats: tuple[Beat, ...], assignment: Assignment) -> list[int]:
    """The scene a directive names; without one, every scene that says what no source states."""
    if directive.ordinal is not None:
        return [directive.ordinal] if directive.ordinal < len(beats) else []
    return [n for n, beat in enumerate(beats) if _beyond(beat, assignment)]


def _beyond(beat: Beat, assignment: Assignment) -> str:
    sources = assignment.sources
    found = sources.beyond(beat.narration) if sources else ()
    return f"No source states: {', '.join(found)}." if found else ""


def sourced(
    beats: tuple[Beat, ...], directive: Directive, assignment: Assignment, topic: Topic, facts: list[Fact]
) -> tuple[Beat, ...]:
    """The beats without what no source states: the sentence goes, and a fact not yet told takes its place."""
    done = list(beats)
    for n in reversed(_named(directive, beats, assignment)):
        if beats[n].purpose is Purpose.HOOK:
            done[n] = rehooked(beats, assignment, topic, facts)
        elif beats[n].purpose is Purpose.LOOP:
            done[n] = relooped(beats, assignment, topic)
        else:
            done[n : n + 1] = _sourced_one(n, tuple(done), assignment, facts)
    return tuple(done)


def _sourced_one(n: int, beats: tuple[Beat, ...], assignment: Assignment, facts: list[Fact]) -> list[Beat]:
    beat, book, sources = beats[n], assignment.book, assignment.sources
    said = sentences(beat.narration, book)
    kept = [s for s in said if not (sources and sources.beyond(s))]
    if kept:
        return [replace(beat, narration=" ".join(kept))]
    told = stems(" ".join(b.narration for i, b in enumerate(beats) if i != n), book)
    untold = [f for f in facts if len(stems(f.text, book) & told) <= 0.5 * len(stems(f.text, book))]
    near = stems(beat.narration, book)
    if untold:
        fact = max(untold, key=lambda f: (len(stems(f.text, book) & near), f.surprise))
        text = shortened(fact.text, LONGEST_FACT, book)
        return [replace(beat, narration=text, visual=visual_of(text, assignment.subject, book))]
    body = [b for b in beats if b.purpose is Purpose.ESCALATE]
    return (
        []
        if beat.purpose is Purpose.ESCALATE and len(body) > 1
        else [_strongest_again(beat, assignment, facts)]
    )


def _strongest_again(beat: Beat, assignment: Assignment, facts: list[Fact]) -> Beat:
    """Everything is told: what must be said here is then the strongest of it, once more."""
    text = max(facts, key=lambda f: f.surprise).text
    return replace(beat, narration=text, visual=visual_of(text, assignment.subject, assignment.book))


def rehooked(
    beats: tuple[Beat, ...], assignment: Assignment, topic: Topic, facts: list[Fact], variation: int = 0
) -> Beat:
    """Another first sentence: the strongest there is, or, where some were tried in vain, the next one."""
    options = other_hooks(beats, assignment, topic, facts)
    return replace(beats[0], narration=options[variation % len(options)].text) if options else beats[0]


def relooped(beats: tuple[Beat, ...], assignment: Assignment, topic: Topic, variation: int = 0) -> Beat:
    """Another tail; what the last scene tells before it stays, and its picture becomes the first one."""
    last, book = beats[-1], assignment.book
    kept = sentences(last.narration, book)[:-1]
    options = other_tails(beats[0].narration, last.narration, assignment, topic)
    if not options:
        return last
    told = [s for s in kept if stems(s, book) & _stems_of_statements(assignment)]
    tail = options[variation % len(options)]
    return replace(last, narration=" ".join([*told, tail]), visual=beats[0].visual)


def _stems_of_statements(assignment: Assignment) -> frozenset[str]:
    return stems(" ".join(assignment.statements), assignment.book)


def tightened(beats: tuple[Beat, ...], directive: Directive, assignment: Assignment) -> tuple[Beat, ...]:
    """The named scene (or the whole body) with shorter sentences, cut into more scenes at clause borders.

    Lines that are only to be said more quickly keep their words.
    """
    if is_about_speed(directive):
        return beats
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

"""The embedded writer: a story out of the brief's own facts. It invents none, and needs no network."""

from apps.contracts.decision import LoopTechnique
from apps.contracts.story import Purpose
from apps.foundation.providers import UnableToProvide
from apps.story.arc import Budget, cut, pick, scenes_of, sort_material, with_more_scenes
from apps.story.assignment import Assignment
from apps.story.hooks import choose_hook
from apps.story.interest import Fact, facts_from, follows, tells
from apps.story.loops import choose_tail
from apps.story.revise import revised
from apps.story.timing import AIR, Beat
from apps.story.topic import Topic
from apps.story.visuals import visual_of
from apps.story.wording import shortened, spoken_length, stems

#: Words that a twist may have; longer ones lose their last clauses.
LONGEST_TWIST = 20.0
#: Marks after which another sentence may begin.
ENDS = ".!?।"
#: Words that a tail has on average, before it is chosen.
TAIL_WORDS = 7
#: Spoken words of a lead that can hold a scene: the pause before the twist.
SHORTEST_LEAD = 3
#: How far a tale, what else is told in order, and other facts may run over the wanted length to be told
#: whole; beyond it facts are left out. A tale without its middle is none.
TALE_OVERRUN, ORDER_OVERRUN, LIST_OVERRUN = 2.6, 2.0, 1.6
#: The same for what is in order but too long to be told whole anyway.
PART_OVERRUN = 1.15
#: The same where the brief itself asks for the length.
ASKED_OVERRUN = 1.12
#: Words of a body below which the twist gets no lead: there is no time to announce it.
FEWEST_WORDS_FOR_LEAD = 24


class FactsWriter:
    """Hook from the most curious fact, rising facts, the strongest for the twist, a tail that loops."""

    def write(self, assignment: Assignment) -> tuple[Beat, ...]:
        """Beats from the facts; with `previous`, those beats with what the directives name mended."""
        facts = facts_from(assignment.statements, assignment.brief.topic, assignment.book)
        if not facts:
            raise UnableToProvide("The brief holds no sentence to build on. Add facts or a source text.")
        topic = assignment.topic
        if assignment.previous:
            return revised(assignment, topic, facts)
        return _Telling(assignment, topic, facts).beats()


def _room(assignment: Assignment) -> float:
    """Words for the body, before hook and tail are known: what is wanted less a typical frame."""
    return assignment.strategy.length_seconds * assignment.speed - 2 * TAIL_WORDS - 4


class _Telling:
    """One story in the making; each step reads what the steps before it decided."""

    def __init__(self, assignment: Assignment, topic: Topic, facts: list[Fact]) -> None:
        self.assignment = assignment
        self.book = assignment.book
        self.topic = topic
        prose = not assignment.brief.facts and bool(topic.asking or topic.question)
        self.material = sort_material(facts, _room(assignment), self.book, prose=prose)
        self.twist = shortened(self.material.twist.text, LONGEST_TWIST, self.book)
        self.hook = choose_hook(
            assignment.hook_type,
            topic=topic,
            facts=self.material.told,
            spendable=self.material.spendable,
            payoff=self.material.twist.text,
            book=self.book,
            rng=assignment.dice("hook"),
            tale=self.material.tale and bool(topic.noun),
            stale=frozenset(assignment.openings),
        )
        self.budget = self._budget()

    def beats(self) -> tuple[Beat, ...]:
        told = pick(self.material, self.hook.fact, self.hook.anchor, self.budget, self.book)
        answer = self._answer(told)
        body = self._body([f for f in told if f is not answer])
        *before, last = self._twist_beats(with_lead=bool(body))
        return (self._opening(), *body, *before, last, self._closing(answer))

    def _opening(self) -> Beat:
        return Beat(purpose=Purpose.HOOK, narration=self.hook.text, visual=self._opening_picture())

    def _closing(self, answer: Fact | None) -> Beat:
        technique = self.assignment.strategy.loop_technique
        if technique is LoopTechnique.ANSWER_LAST and answer is None:
            technique = LoopTechnique.OPEN_SENTENCE
        tail = choose_tail(technique, self.hook, self.topic, book=self.book, rng=self.assignment.dice("tail"))
        text = f"{answer.text} {tail}" if answer else tail
        return Beat(purpose=Purpose.LOOP, narration=text, visual=self._opening_picture())

    def _budget(self) -> Budget:
        strategy, speed = self.assignment.strategy, self.assignment.speed
        frame = spoken_length(self.hook.text) + TAIL_WORDS + 4  # and the twist's lead
        air = AIR * strategy.scene_count
        seconds = min(strategy.length_seconds * self._overrun(frame, air), strategy.max_length)
        return Budget(
            words=(seconds - air) * speed - frame,
            most=(strategy.max_length - air) * speed - frame,
            scenes=max(2, round(strategy.scene_count * seconds / strategy.length_seconds) - 2),
        )

    def _overrun(self, frame: float, air: float) -> float:
        """How far beyond the wanted length to go, as a factor: all the way where that tells everything."""
        material, wanted = self.material, self.assignment.strategy.length_seconds
        whole = ORDER_OVERRUN if material.sequence else LIST_OVERRUN
        whole = TALE_OVERRUN if material.tale else whole
        if self.assignment.brief.duration:
            whole = ASKED_OVERRUN
        room = (wanted * whole - air) * self.assignment.speed - frame
        left = [f for f in (*material.told, material.twist) if f is not self.hook.fact]
        fits = sum(f.length for f in left) <= room
        return whole if fits or material.tale else min(whole, PART_OVERRUN if material.sequence else 1.0)

    def _answer(self, told: list[Fact]) -> Fact | None:
        """For ANSWER_LAST: a short fact about what the hook names is told only at the very end."""
        wanted = self.assignment.strategy.loop_technique is LoopTechnique.ANSWER_LAST
        if not wanted or self.material.sequence or len(told) < 3:
            return None
        near = stems(self.hook.text, self.book)
        options = [f for f in told[1:] if f.length <= 10 and not self._is_tied(f, told)]
        return max(options, key=lambda f: (len(near & stems(f.text, self.book)), f.surprise), default=None)

    def _is_tied(self, fact: Fact, told: list[Fact]) -> bool:
        """Whether the fact follows from another one, or another from it."""
        after = [f.text for f in told if f.order == fact.order + 1]
        return any(follows(text, self.book) for text in (fact.text, *after))

    def _body(self, told: list[Fact]) -> list[Beat]:
        scenes = scenes_of(told, self.budget, self.book)
        scenes = with_more_scenes(scenes, min(2 if told else 0, self.budget.scenes - 1), self.book)
        return [
            Beat(purpose=Purpose.ESCALATE, narration=said, visual=self._picture(text))
            for said, text in zip(self._bridged(scenes), scenes, strict=True)
        ]

    def _bridged(self, scenes: list[str]) -> list[str]:
        """A bridge in front of a middle scene where there is room; a breath where the facts are few."""
        said = list(scenes)
        room = self.budget.words - spoken_length(" ".join([*scenes, self.twist]))
        dice = self.assignment.dice("bridge")
        at = next((i for i in range(len(said) // 2, len(said)) if said[i - 1][-1] in ENDS), 0)
        if len(said) >= 3 and room > 3 and at and not self.material.sequence:
            said[at] = f"{dice.choice(self.book.frames['bridges'])} {said[at]}"
        elif said and len(said) <= 2 and room > 8 and said[-1][-1] in ENDS:
            said[-1] = f"{said[-1]} {dice.choice(self.book.frames['breaths'])}"
        return said

    def _twist_beats(self, *, with_lead: bool) -> list[Beat]:
        """The twist, a long one in two scenes; its lead is a scene of its own, a breath before it lands.

        What leads up to it still escalates. Where there is nothing else to escalate with, it is cut
        whatever its length.
        """
        most = 1.5 * self.budget.per_scene if with_lead else spoken_length(self.twist) - 1
        *before, last = cut(self.twist, most, self.book)
        said = [" ".join(before), last] if before else [last]
        pictures = [self._picture(text) for text in said]
        lead = self._lead() if with_lead else ""
        if lead and spoken_length(lead) >= SHORTEST_LEAD:
            said, pictures = [lead, *said], [self._subject(), *pictures]
        else:
            said[0] = f"{lead} {said[0]}".strip()
        purposes = [*[Purpose.ESCALATE] * (len(said) - 1), Purpose.TWIST]
        return [
            Beat(purpose=p, narration=text, visual=v)
            for p, text, v in zip(purposes, said, pictures, strict=True)
        ]

    def _lead(self) -> str:
        if self.budget.words < FEWEST_WORDS_FOR_LEAD:
            return ""
        if self.book.starts_with("contrasts", self.twist) or self.book.starts_with("bound", self.twist):
            return ""
        ends = self.material.sequence and tells(self.twist, self.book)
        kind = "endings" if ends else "morals" if self.material.tale else "twists"
        return self.assignment.dice("twist").choice(self.book.frames[kind])

    def _opening_picture(self) -> str:
        """What everything is about, and what the hook tells of it."""
        told = self._picture(self.hook.fact.text) if self.hook.fact else ""
        return ", ".join(reversed(told.split("; "))) or self._subject()

    def _subject(self) -> str:
        return self.assignment.subject

    def _picture(self, text: str) -> str:
        return visual_of(text, self._subject(), self.book)

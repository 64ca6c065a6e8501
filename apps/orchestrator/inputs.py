"""What each stage is given. A stage sees nothing else, so the digest of this is complete.

Pure functions of the outputs so far. No Django, no I/O.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from apps.contracts.codec import digest, to_json
from apps.contracts.media import Cue, Shot, SpokenWord
from apps.contracts.story import Depiction
from apps.orchestrator.graph import Node, Stage
from apps.orchestrator.outputs import Outputs

#: Raise a stage's number when its code changes what it makes: old outputs are then not reused. Segments of
#: another encoder do not even belong into one file with new ones: their parameter sets differ.
VERSIONS: dict[Stage, int] = {Stage.COMPOSE: 2}
#: Keys that say where a row is, not what it holds; two attempts differ in them and nothing else.
ROW_KEYS = frozenset({"id", "story_id", "script_id", "attempt"})
#: Advice about neighbours: a picture that was drawn with other advice is still the scene's picture, and
#: drawing it again would render its shot again.
HINTS = frozenset({"earlier"})

Inputs = dict[str, Any]


def gather(outputs: Outputs, node: Node) -> Inputs:
    """Keyword arguments for the work of `node`. Everything it waits for must be done."""
    stage, ordinal = node
    return _GATHER[stage](outputs, ordinal)


def inputs_digest(stage: Stage, inputs: Inputs) -> str:
    """SHA-256 of what matters in the inputs: equal digests make equal outputs."""
    return digest([stage, VERSIONS.get(stage, 1), _what_matters(to_json(inputs))])


def _what_matters(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _what_matters(v) for k, v in value.items() if k not in ROW_KEYS | HINTS}
    return [_what_matters(v) for v in value] if isinstance(value, list) else value


def _decide(o: Outputs, _: int) -> Inputs:
    return {"brief": o.brief, "frame": o.frame, "retry_limit": o.retry_limit}


def _write(o: Outputs, _: int) -> Inputs:
    directives, previous = o.rewrite()
    if o.revision:
        directives, previous = (), o.stories[o.revision.base]
    return {
        "brief": o.brief,
        "plan": o.plan,
        "directives": directives,
        "previous": previous,
        "edits": o.revision.edits if o.revision else (),
    }


def _script(o: Outputs, _: int) -> Inputs:
    return {"story": o.story, "persona": o.plan.persona, "language": o.brief.language}


def _narrate(o: Outputs, n: int) -> Inputs:
    scene = o.story.scenes[n]
    return {
        "script_id": o.script.id,
        "line": o.script.lines[n],
        "language": o.brief.language,
        "voice": o.plan.persona.voice,
        "target_ms": (scene.end_sec - scene.start_sec) * 1000,
        "mood": o.plan.curve.at((scene.start_sec + scene.end_sec) / 2),
        "energy": o.plan.persona.energy_level,
        "provider": o.brief.providers.voice,
    }


def _picture(o: Outputs, n: int) -> Inputs:
    scene = o.story.scenes[n]
    return {
        "scene": replace(scene, start_sec=0, end_sec=0),  # a shifted scene shows the same picture
        "words": _depiction(o, n).words,
        "earlier": tuple(_depiction(o, k) for k in range(n)),
        "seconds": scene.end_sec - scene.start_sec,
        "mood": o.plan.curve.at((scene.start_sec + scene.end_sec) / 2),
        "visual_energy": o.plan.audience.visual_energy,
        "frame": o.plan.frame,
        "safe_box": o.plan.strategy.safe_box,
        "seed": o.seed,
        "variation": _variation(o, n),
        "provider": o.brief.providers.pictures,
        "media": o.brief.media,
        "language": o.brief.language,
    }


def _depiction(o: Outputs, n: int) -> Depiction:
    scene = o.story.scenes[n]
    return Depiction(
        ordinal=n,
        purpose=scene.purpose,
        visual=scene.visual,
        words=tuple(word.display for word in o.script.lines[n].words),
        variation=_variation(o, n),
    )


def _variation(o: Outputs, n: int) -> int:
    """How many ways to draw the scene have been passed over: each order asks for the next one."""
    return sum(1 + order.variation for order in o.orders(Stage.PICTURE, n))


def _time(o: Outputs, _: int) -> Inputs:
    unseen = tuple(replace(scene, visual="") for scene in o.story.scenes)  # pictures take no time
    return {
        "story": replace(o.story, scenes=unseen),
        "script": o.script,
        "narrations": o.narrations,
        "curve": o.plan.curve,
        "strategy": o.plan.strategy,
        "frame": o.plan.frame,
        "directives": o.orders(Stage.TIME),
    }


def _score(o: Outputs, _: int) -> Inputs:
    return {
        "script_id": o.script.id,
        "timeline": o.timeline,
        "narrations": o.narrations,
        "seed": o.seed,
        "directives": o.orders(Stage.SCORE),
        "provider": o.brief.providers.music,
    }


def _compose(o: Outputs, n: int) -> Inputs:
    returns = 0 < n == len(o.story.scenes) - 1  # the last scene ends on the video's first frame
    return {
        "shot": from_its_own_start(o.timeline.shots[n]),
        "picture": o.picture(n),
        "loop_picture": o.picture(0) if returns else None,
        "opening": o.timeline.shots[0] if returns else None,
        "frame": o.plan.frame,
        "safe_box": o.plan.strategy.safe_box,
        "caption_style": o.plan.caption_style,
        "language": o.brief.language,
        "visual_energy": o.plan.audience.visual_energy,
        "directives": o.orders(Stage.COMPOSE, n),
    }


def _assemble(o: Outputs, _: int) -> Inputs:
    return {
        "segments": o.segments,
        "mix": o.mix,
        "timeline": o.timeline,
        "frame": o.plan.frame,
        "title": o.brief.topic,
        "language": o.brief.language,
        "credits": o.credits,
    }


def _judge(o: Outputs, _: int) -> Inputs:
    return {
        "take": o.take,
        "timeline": o.timeline,
        "story": o.story,
        "script": o.script,
        "plan": o.plan,
        "mix": o.mix,
    }


def _settle(o: Outputs, _: int) -> Inputs:
    return {
        "platform": o.plan.strategy.platform,
        "judgements": (*o.judgements, o.judgement),
        "retry_limit": o.retry_limit,
        "outcomes": o.outcomes,
        "revised": o.revision is not None,
    }


def _remember(o: Outputs, _: int) -> Inputs:
    judgement, story = o.delivered
    return {
        "platform": o.plan.strategy.platform,
        "factors": o.plan.factors,
        "judgement": judgement,
        "script_text": " ".join(scene.narration for scene in story.scenes),
    }


_GATHER: dict[Stage, Callable[[Outputs, int], Inputs]] = {
    Stage.DECIDE: _decide,
    Stage.WRITE: _write,
    Stage.SCRIPT: _script,
    Stage.NARRATE: _narrate,
    Stage.PICTURE: _picture,
    Stage.TIME: _time,
    Stage.SCORE: _score,
    Stage.COMPOSE: _compose,
    Stage.ASSEMBLE: _assemble,
    Stage.JUDGE: _judge,
    Stage.SETTLE: _settle,
    Stage.REMEMBER: _remember,
}


def from_its_own_start(shot: Shot) -> Shot:
    """The shot with every time counted from its own first frame: where it stands does not change it."""

    def word(w: SpokenWord) -> SpokenWord:
        return replace(w, start_ms=w.start_ms - shot.start_ms, end_ms=w.end_ms - shot.start_ms)

    def cue(c: Cue) -> Cue:
        return Cue(
            start_ms=c.start_ms - shot.start_ms,
            end_ms=c.end_ms - shot.start_ms,
            words=tuple(word(w) for w in c.words),
        )

    return replace(
        shot,
        start_ms=0,
        end_ms=shot.end_ms - shot.start_ms,
        voice_ms=shot.voice_ms - shot.start_ms,
        cues=tuple(cue(c) for c in shot.cues),
    )

"""The video service's door: a timeline from the voice, one segment a shot, the finished take."""

import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import cv2
import numpy as np
from django.conf import settings

from apps.contracts.brief import Brief, BriefProblem
from apps.contracts.choosing import choose, said_of
from apps.contracts.codec import digest, from_json, to_json
from apps.contracts.decision import Advice, Box, Curve, Decision, FactorKind, FrameSpec, Strategy
from apps.contracts.identity import row_id
from apps.contracts.judgement import Directive, DirectiveKind
from apps.contracts.media import CaptionBox, Mix, Narration, Picture, Segment, Shot, Take, Timeline
from apps.contracts.story import Script, Story
from apps.foundation import blobs
from apps.foundation.transactions import in_transaction
from apps.video import assembly, subtitles, timing
from apps.video.caption_styles import DEFAULT_STYLE, STYLES, restyled
from apps.video.composition import VERSION, Rendered, ShotPlan, frame_count, render
from apps.video.encoder import arguments
from apps.video.models import Video
from apps.video.planes import Plane

#: How well a style fits that is not the persona's own, 0-1: only evidence makes up for it.
OTHER_STYLE = 0.7
#: Languages whose script no typeface here can shape; captions in them would be empty boxes.
UNREADABLE = frozenset(
    (
        "ar",
        "fa",
        "ur",
        "he",
        "yi",
        "ja",
        "zh",
        "ko",
        "th",
        "lo",
        "km",
        "my",
        "ta",
        "te",
        "kn",
        "ml",
        "bn",
        "gu",
        "pa",
    )
)


def caption_styles() -> tuple[str, ...]:
    """The names a brief, persona or plan may choose from, the default first."""
    return tuple(STYLES)


def choose_captions(*, asked: str, own: str, advice: tuple[Advice, ...] = ()) -> Decision:
    """The style of a short's captions and why: what is asked for; else the persona's own, unless memory's
    evidence speaks for another."""
    if asked:
        return Decision(name="caption_style", value=asked, reason="The brief asks for it.")
    fits = {own: 1.0, **{name: OTHER_STYLE for name in STYLES if name != own}}
    choice = choose(fits, FactorKind.CAPTION_STYLE, advice)
    name = choice.order[0]
    reason = "The persona's own style." if name == own else "Does better here than the persona's own."
    reason += said_of(name, FactorKind.CAPTION_STYLE, advice)
    return Decision(name="caption_style", value=name, reason=reason, belief=choice.belief)


def problems_with(brief: Brief) -> tuple[BriefProblem, ...]:
    """What of a brief cannot be shown: an unknown caption style, a script without a typeface."""
    problems = []
    if brief.caption_style and brief.caption_style not in STYLES:
        known = ", ".join(STYLES)
        problems.append(
            _problem("caption_style", "unknown", "There is no such caption style.", f"Use {known}.")
        )
    if brief.language.partition("-")[0].lower() in UNREADABLE:
        reason = "Captions in this language's script cannot be drawn."
        remedy = "Use a language in Latin, Cyrillic, Greek or Devanagari script."
        problems.append(_problem("language", "unreadable", reason, remedy))
    return tuple(problems)


def _problem(field: str, code: str, reason: str, remedy: str) -> BriefProblem:
    return BriefProblem(field=field, code=code, reason=reason, remedy=remedy)


def lay_out(
    *,
    story: Story,
    script: Script,
    narrations: tuple[Narration, ...],
    curve: Curve,
    strategy: Strategy,
    frame: FrameSpec,
    directives: tuple[Directive, ...] = (),
) -> Timeline:
    """Shots, captions and bars from the narrations as they were really spoken. Writes nothing.

    Raises timing.UnableToLayOut where story and narrations do not match.
    """
    del script, strategy  # the narrations carry the words, and the voice decides the length
    return timing.lay_out(
        story=story, narrations=narrations, curve=curve, fps=frame.fps, directives=directives
    )


def compose(
    *,
    job_id: UUID,
    attempt: int,
    shot: Shot,
    picture: Picture,
    loop_picture: Picture | None,
    frame: FrameSpec,
    safe_box: Box,
    caption_style: str,
    language: str,
    visual_energy: str,
    directives: tuple[Directive, ...] = (),
    opening: Shot | None = None,
) -> Segment:
    """Render one shot, or find it rendered: the same inputs in another attempt cost nothing.

    `loop_picture` is the hook's picture and `opening` the hook's shot, both for the loop shot only: it
    then ends on the video's first frame (without `opening`: on that frame less its caption).
    Raises UnableToRunFfmpeg, UnableToReadPicture.
    """
    del attempt, language  # neither changes a pixel: words are shaped by their own script
    mine = [d for d in directives if d.ordinal in (None, shot.ordinal)]
    style = STYLES.get(caption_style, STYLES[DEFAULT_STYLE])
    plan = ShotPlan(
        shot=shot,
        picture=picture,
        frame=frame,
        safe_box=safe_box,
        style=restyled(style, _amount(mine, DirectiveKind.RESTYLE_CAPTIONS)),
        visual_energy=visual_energy,
        more=_amount(mine, DirectiveKind.MORE_MOTION),
        opening=opening,
        opening_picture=loop_picture,
        seam=_amount(mine, DirectiveKind.MEND_SEAM),
    )
    stem = f"jobs/{job_id}/segment-{shot.ordinal}-{_fingerprint(plan)[:12]}"
    if not blobs.exists(f"{stem}.json"):
        with _files(picture) as layers, _files(loop_picture) as opening_layers:
            _render(stem, replace(plan, layers=layers, opening_layers=opening_layers))
    return _segment(stem, shot)


def _fingerprint(plan: ShotPlan) -> str:
    """Equal for plans that give equal pixels; another attempt's picture has another id all the same."""
    shot, opening = plan.shot, plan.opening
    first = opening and [opening.cues[:1], opening.arousal, opening.end_ms - opening.start_ms]
    seen = [p and [p.ordinal, p.overscan, p.layers] for p in (plan.picture, plan.opening_picture)]
    look = [plan.frame, plan.safe_box, plan.style, plan.visual_energy, plan.more, plan.seam]
    length = [frame_count(shot, plan.frame.fps), shot.start_ms == 0]
    encoder = arguments(plan.frame, settings.ENCODER_PRESET, Path("segment.mp4"))
    return digest([VERSION, encoder, length, _at_zero(shot), first, seen, look])


def _amount(directives: Sequence[Directive], kind: DirectiveKind) -> float:
    """How far all directives of a kind go together, 0-1."""
    return min(sum(d.amount for d in directives if d.kind is kind), 1.0)


def _at_zero(shot: Shot) -> Any:
    """The shot with times from its own start, as JSON: where it stands in the video changes no pixel."""

    def rebased(value: Any) -> Any:
        if isinstance(value, dict):
            return {k: moved(v) if k.endswith("_ms") else rebased(v) for k, v in value.items()}
        return [rebased(v) for v in value] if isinstance(value, list) else value

    def moved(ms: int) -> int | str:
        # A whole number of frames may round to either of two milliseconds.
        return "end" if ms == shot.end_ms else ms - shot.start_ms

    return rebased(to_json(shot))


@contextmanager
def _files(picture: Picture | None) -> Iterator[tuple[Path, ...]]:
    with ExitStack() as stack:
        layers = picture.layers if picture is not None else ()
        yield tuple(stack.enter_context(blobs.local(layer.key)) for layer in layers)


def _render(stem: str, plan: ShotPlan) -> None:
    """Render and store; the JSON goes last, so that where it is, the rest is too."""
    with blobs.scratch() as folder:
        rendered = render(plan, folder / "segment.mp4", settings.ENCODER_PRESET)
        assembly.write_jpeg(rendered.stills, folder / "stills.jpg")
        blobs.put(f"{stem}.mp4", folder / "segment.mp4")
        blobs.put(f"{stem}.jpg", folder / "stills.jpg")
    blobs.put_bytes(f"{stem}.json", _facts(rendered, plan.shot.start_ms))


def _facts(rendered: Rendered, start_ms: int) -> bytes:
    boxes = [_moved(box, -start_ms) for box in rendered.captions]
    return json.dumps(to_json([rendered.frames, boxes])).encode()


def _moved(box: CaptionBox, by_ms: int) -> CaptionBox:
    return replace(box, start_ms=box.start_ms + by_ms, end_ms=box.end_ms + by_ms)


def _segment(stem: str, shot: Shot) -> Segment:
    facts = json.loads(blobs.read_bytes(f"{stem}.json"))
    frames, captions = from_json(tuple[int, tuple[CaptionBox, ...]], facts)
    return Segment(ordinal=shot.ordinal, key=f"{stem}.mp4", frames=frames, captions=captions)


def assemble(
    *,
    job_id: UUID,
    attempt: int,
    segments: tuple[Segment, ...],
    mix: Mix,
    timeline: Timeline,
    frame: FrameSpec,
    title: str,
    language: str,
    credits: tuple[str, ...] = (),
) -> Take:
    """Join the segments and the mix into the take, with poster, contact sheet and subtitles.

    No picture is encoded again. Idempotent: the row and the keys follow from the inputs.
    Raises UnableToRunFfmpeg.
    """
    segments = tuple(sorted(segments, key=lambda s: s.ordinal))
    inputs = digest([VERSION, [s.key for s in segments], mix.key, timeline, title, language])[:12]
    stem = f"jobs/{job_id}/{{}}-{attempt}-{inputs}.{{}}"
    keys = {kind: stem.format(kind, ext) for kind, ext in _PARTS.items()}
    with blobs.scratch() as folder, ExitStack() as stack:
        files = [stack.enter_context(blobs.local(s.key)) for s in segments]
        sound = stack.enter_context(blobs.local(mix.key))
        made = folder / "take.mp4"
        assembly.join(files, sound, made, title=title, language=language, work=folder)
        _put_stills(segments, files, timeline, keys, folder)
        blobs.put_bytes(keys["subtitles"], subtitles.to_srt(timeline.cues).encode())
        blobs.put_bytes(keys["captions"], subtitles.to_vtt(timeline.cues, language).encode())
        blobs.put(keys["take"], made)
        take = _take(job_id, attempt, keys, segments, timeline, frame, made.stat().st_size)
    take = replace(take, credits=credits)
    _record(job_id, take)
    return take


#: Kinds of file a take is made of, and their extensions.
_PARTS = {"take": "mp4", "poster": "jpg", "sheet": "jpg", "subtitles": "srt", "captions": "vtt"}


def _put_stills(
    segments: Sequence[Segment],
    files: Sequence[Path],
    timeline: Timeline,
    keys: dict[str, str],
    folder: Path,
) -> None:
    strips = [_strip(segment) for segment in segments]
    spans = [(shot.start_ms, shot.end_ms) for shot in timeline.shots]
    assembly.write_jpeg(assembly.sheet(strips, spans), folder / "sheet.jpg")
    second = assembly.poster_second(strips[0], timeline.shots[0])
    assembly.still_at(files[0], second, folder / "poster.jpg")
    for kind in ("sheet", "poster"):
        blobs.put(keys[kind], folder / f"{kind}.jpg")


def _strip(segment: Segment) -> Plane:
    data = np.frombuffer(blobs.read_bytes(segment.key.removesuffix(".mp4") + ".jpg"), np.uint8)
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)


def _take(
    job_id: UUID,
    attempt: int,
    keys: dict[str, str],
    segments: Sequence[Segment],
    timeline: Timeline,
    frame: FrameSpec,
    size: int,
) -> Take:
    starts = {shot.ordinal: shot.start_ms for shot in timeline.shots}  # a segment's times are its own
    return Take(
        id=row_id(job_id, attempt, "video"),
        attempt=attempt,
        key=keys["take"],
        poster_key=keys["poster"],
        sheet_key=keys["sheet"],
        srt_key=keys["subtitles"],
        vtt_key=keys["captions"],
        duration_ms=timeline.total_ms,
        width=frame.width,
        height=frame.height,
        size_bytes=size,
        captions=tuple(
            _moved(box, starts.get(segment.ordinal, 0)) for segment in segments for box in segment.captions
        ),
    )


def _record(job_id: UUID, take: Take) -> None:
    values = {
        "job_id": job_id,
        "storage_url": take.key,
        "duration": round(take.duration_ms / 1000),
        "resolution": f"{take.width}x{take.height}",
        "captions": to_json(take.captions),
    }
    same = ("attempt", "duration_ms", "size_bytes", "poster_key", "sheet_key", "srt_key", "vtt_key")
    values |= {name: getattr(take, name) for name in same}
    with in_transaction("video"):
        Video.objects.using("video").update_or_create(id=take.id, defaults=values)

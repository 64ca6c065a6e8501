"""The image service's door: one picture for a scene, in layers that can move.

Decides nothing about words, timing or motion. Work whose inputs are unchanged is not done again.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from math import ceil
from pathlib import Path
from uuid import UUID

from django.conf import settings

from apps.contracts.brief import Brief, BriefProblem
from apps.contracts.codec import digest, from_json, to_json
from apps.contracts.decision import Box, FrameSpec, Mood
from apps.contracts.identity import row_id
from apps.contracts.media import Layer, LayerKind, Picture, Upload
from apps.contracts.story import Depiction, Purpose, Scene
from apps.foundation import blobs
from apps.foundation.providers import UnableToProvide, first_to_deliver, names_in
from apps.foundation.transactions import in_transaction
from apps.image import uploads
from apps.image.models import Image
from apps.image.providers import OPTIONAL, RenderedLayer, Rendering, Request
from apps.image.providers.registry import SOURCES

ALIAS = "image"
#: Part of every digest: raise it when the same inputs shall look different from now on.
RECIPE = 4
#: Seconds to whose multiple a scene's length is rounded up for a provider, so that a clip still serves a
#: scene that grew a little.
SECONDS_STEP = 2.0
#: What is wrong with media that none of the named providers would look at.
UNSHOWN = BriefProblem(
    field="providers.pictures",
    code="media_unshown",
    reason="The brief has media of its own, but none of these pictures providers shows them.",
    remedy="Name 'own' before the others, such as 'own, drawn', or leave the field empty.",
)


def problems_with(brief: Brief) -> tuple[BriefProblem, ...]:
    """Pictures providers that are not known, or not configured; media that nobody uploaded."""
    names = _names(brief.providers.pictures, brief.media)
    problems = [_problem_with(name, brief) for name in names]
    if brief.media and "own" not in names:
        problems.append(UNSHOWN)
    return (*(problem for problem in problems if problem is not None), *_unknown_uploads(brief))


def _names(provider: str, media: tuple[str, ...]) -> tuple[str, ...]:
    """Who is asked, in order. Who gives media of their own and names nobody wants to see them."""
    return names_in(provider) or names_in(f"own,{settings.PICTURES}" if media else settings.PICTURES)


def _unknown_uploads(brief: Brief) -> Iterator[BriefProblem]:
    for n, key in enumerate(brief.media):
        if not (uploads.is_key(key) and blobs.exists(key)):
            yield BriefProblem(
                field=f"media.{n}",
                code="unknown_upload",
                reason="Nothing was uploaded under this key.",
                remedy="Upload the file (POST /api/v1/uploads) and use the key of the answer.",
            )


def _problem_with(name: str, brief: Brief) -> BriefProblem | None:
    if name not in SOURCES:
        return BriefProblem(
            field="providers.pictures",
            code="unknown_provider",
            reason="There is no pictures provider of this name.",
            remedy=f"Choose from {', '.join(sorted(SOURCES))}, or leave it empty.",
        )
    if lacking := SOURCES[name].lacks(brief):
        return BriefProblem(
            field="providers.pictures",
            code="provider_not_configured",
            reason=f"The pictures provider '{name}' is not ready for use.",
            remedy=f"{lacking} Or choose another provider, such as 'drawn'.",
        )
    return None


def draw(
    *,
    job_id: UUID,
    attempt: int,
    scene: Scene,
    words: tuple[str, ...],
    mood: Mood,
    visual_energy: str,
    frame: FrameSpec,
    safe_box: Box,
    seed: int,
    earlier: tuple[Depiction, ...] = (),
    seconds: float = 4.0,
    media: tuple[str, ...] = (),
    language: str = "en",
    variation: int = 0,
    provider: str = "",
) -> Picture:
    """The scene's picture, stored in layers.

    `words` are the display tokens of the narration in order; a layer's `word` counts in them.
    `earlier` are the scenes before this one, whose looks are not used twice running; `seconds` is how
    long the scene is planned to be; `media` are storage keys of the user's own images and clips.
    Another `variation` gives another composition and palette. `provider` may name several, with commas
    between: the next is asked where one cannot deliver.
    Raises UnableToProvide for an unknown provider, and what the last provider raises.
    """
    request = Request(
        words=words,
        visual=scene.visual,
        mood=mood,
        visual_energy=visual_energy,
        frame=frame,
        safe_box=safe_box,
        seed=seed,
        ordinal=scene.ordinal,
        opening=scene.purpose is Purpose.HOOK,
        variation=variation,
        purpose=scene.purpose,
        earlier=earlier,
        seconds=ceil(seconds / SECONDS_STEP) * SECONDS_STEP,
        media=media,
        language=language,
    )

    def ask(name: str) -> Picture:
        return _drawn(name, request, job_id, attempt, scene)

    return first_to_deliver(_names(provider, media), ask)[1]


def _drawn(name: str, request: Request, job_id: UUID, attempt: int, scene: Scene) -> Picture:
    """One provider's picture, stored and recorded."""
    source = SOURCES.get(name)
    if source is None:
        raise UnableToProvide(
            f"There is no pictures provider {name!r}; set PICTURES to one of {sorted(SOURCES)}."
        )
    unheeded = {field: getattr(Request, field) for field in OPTIONAL if field not in source.heeds}
    request = replace(request, **unheeded)
    inputs = digest([RECIPE, name, request])
    picture = _drawn_before(job_id, scene, inputs)
    if picture is None:
        picture = _stored(source.make().draw(request), job_id, attempt, scene, request.frame, inputs)
    return _recorded(picture, job_id, attempt, scene, inputs)


def _drawn_before(job_id: UUID, scene: Scene, inputs: str) -> Picture | None:
    """The picture that the same inputs gave this job, if its blobs are still there."""
    rows = Image.objects.using(ALIAS).filter(job_id=job_id, ordinal=scene.ordinal, digest=inputs)
    row = rows.order_by("attempt").first()
    if row is None:
        return None
    picture = from_json(Picture, row.picture)
    keys = [picture.preview_key, *(layer.key for layer in picture.layers)]
    return picture if all(blobs.exists(key) for key in keys) else None


def _stored(
    rendering: Rendering, job_id: UUID, attempt: int, scene: Scene, frame: FrameSpec, inputs: str
) -> Picture:
    def key(kind: str, extension: str) -> str:
        return f"jobs/{job_id}/{kind}-{scene.ordinal}-{inputs[:12]}.{extension}"

    layers = tuple(
        Layer(
            key=blobs.put_bytes(key(f"layer{n}", _extension(layer)), layer.data),
            depth=layer.depth,
            act=layer.act,
            word=layer.word,
            left=layer.left,
            top=layer.top,
            kind=layer.kind,
        )
        for n, layer in enumerate(rendering.layers)
    )
    return Picture(
        id=row_id(job_id, attempt, "image", scene.ordinal),
        ordinal=scene.ordinal,
        width=frame.width,
        height=frame.height,
        overscan=rendering.overscan,
        layers=layers,
        palette=rendering.palette,
        style=rendering.style,
        subjects=rendering.subjects,
        credit=rendering.credit,
        preview_key=blobs.put_bytes(key("picture", "jpg"), rendering.preview),
    )


def _extension(layer: RenderedLayer) -> str:
    if layer.kind is LayerKind.CLIP:
        return "mp4"
    return "png" if layer.data.startswith(b"\x89PNG") else "jpg"


def _recorded(picture: Picture, job_id: UUID, attempt: int, scene: Scene, inputs: str) -> Picture:
    """The attempt's row; returns the picture that the row holds."""
    own = row_id(job_id, attempt, "image", scene.ordinal)
    kept = from_json(Picture, {**to_json(picture), "id": str(own)})
    with in_transaction(ALIAS):
        Image.objects.using(ALIAS).update_or_create(
            id=own,
            defaults={
                "scene_id": scene.id,
                "storage_url": kept.preview_key,
                "style": kept.style,
                "job_id": job_id,
                "attempt": attempt,
                "ordinal": scene.ordinal,
                "digest": inputs,
                "picture": to_json(kept),
            },
        )
    return kept


def keep_upload(path: Path, name: str, credit: str = "") -> Upload:
    """Keep a file of the user's own for a brief's `media`; the same file twice is one blob.

    `name` is how the user calls it: its words say which scene it is for. `credit` names its maker and licence
    wherever it is shown; a later one for the same file replaces it. Raises UnableToKeepUpload.
    """
    checked = uploads.check(path)
    with path.open("rb") as handle:
        content = hashlib.file_digest(handle, "sha256").hexdigest()
    kept_as = f"{uploads.safe_name(name, checked.kind.value)}.{checked.extension}"
    key = f"uploads/{content[:32]}/{kept_as}"
    if not blobs.exists(key):
        blobs.put(key, path)
    if line := uploads.credit_line(credit):
        blobs.put_bytes(uploads.credit_key(key), line.encode())
    return Upload(
        key=key,
        kind=checked.kind,
        name=kept_as,
        width=checked.width,
        height=checked.height,
        seconds=checked.seconds,
        bytes=path.stat().st_size,
    )


def providers() -> tuple[str, ...]:
    """The names of the pictures providers that a brief may ask for."""
    return tuple(SOURCES)

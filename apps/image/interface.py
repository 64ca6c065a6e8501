"""The image service's door: one picture for a scene, in layers that can move.

Decides nothing about words, timing or motion. Work whose inputs are unchanged is not done again.
"""

from uuid import UUID

from django.conf import settings

from apps.contracts.brief import Brief, BriefProblem
from apps.contracts.codec import digest, from_json, to_json
from apps.contracts.decision import Box, FrameSpec, Mood
from apps.contracts.identity import row_id
from apps.contracts.media import Layer, Picture
from apps.contracts.story import Purpose, Scene
from apps.foundation import blobs
from apps.foundation.providers import UnableToProvide
from apps.foundation.transactions import in_transaction
from apps.image.models import Image
from apps.image.providers import PROVIDERS, Rendering, Request

ALIAS = "image"
#: Part of every digest: raise it when the same inputs shall look different from now on.
RECIPE = 2


def problems_with(brief: Brief) -> tuple[BriefProblem, ...]:
    """A pictures provider that is not known."""
    if (brief.providers.pictures or settings.PICTURES) in PROVIDERS:
        return ()
    return (
        BriefProblem(
            field="providers.pictures",
            code="unknown_provider",
            reason="There is no pictures provider of this name.",
            remedy=f"Choose one of {', '.join(sorted(PROVIDERS))}, or leave it empty.",
        ),
    )


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
    previous_style: str = "",
    variation: int = 0,
    provider: str = "",
) -> Picture:
    """The scene's picture, stored in layers.

    `words` are the display tokens of the narration in order; a layer's `word` counts in them.
    `previous_style` is not used again; another `variation` gives another composition and palette.
    Raises UnableToProvide for an unknown provider, and what the provider raises.
    """
    name = provider or settings.PICTURES
    if name not in PROVIDERS:
        raise UnableToProvide(
            f"There is no pictures provider {name!r}; set PICTURES to one of {sorted(PROVIDERS)}."
        )
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
        previous_style=previous_style,
        variation=variation,
    )
    inputs = digest([RECIPE, name, request])
    picture = _drawn_before(job_id, scene, inputs)
    if picture is None:
        rendering = PROVIDERS[name]().draw(request)
        picture = _stored(rendering, job_id, attempt, scene, frame, inputs)
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
            key=blobs.put_bytes(key(f"layer{n}", "png"), layer.png),
            depth=layer.depth,
            act=layer.act,
            word=layer.word,
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

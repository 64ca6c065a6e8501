"""The audio service's door: narration with the time of every word, and the finished mix.

Decides nothing about what is said; draws no captions. Work whose inputs are unchanged is not done again.
"""

from collections.abc import Callable, Sequence
from pathlib import PurePosixPath
from typing import Any, TypeVar
from uuid import UUID

from django.conf import settings

from apps.audio import delivery, job_voices, mixdown, narration, wave_files
from apps.audio.loudness import SAMPLE_RATE
from apps.audio.mixdown import Placed, Programme
from apps.audio.models import MIX, NARRATION, AudioTrack
from apps.audio.providers import Bed, Voice, registry
from apps.contracts.brief import Brief, BriefProblem
from apps.contracts.codec import digest, from_json, to_json
from apps.contracts.decision import Mood, VoiceProfile
from apps.contracts.identity import row_id
from apps.contracts.judgement import Directive, DirectiveKind
from apps.contracts.media import Mix, Narration, SpokenWord, Timeline
from apps.contracts.story import Line, Word
from apps.foundation import blobs
from apps.foundation.notices import tell
from apps.foundation.providers import UnableToProvide, first_to_deliver, names_in
from apps.foundation.transactions import in_transaction

T = TypeVar("T")

ALIAS = "audio"
#: Part of every digest: raise it when the same inputs shall sound different from now on.
RECIPE = 2
#: Orders that a mix can carry out.
HEARD = (DirectiveKind.LOWER_BED, DirectiveKind.FIX_LOUDNESS, DirectiveKind.FOLLOW_CURVE)
#: Characters of a sample; a few sentences tell a voice.
SAMPLE_CHARACTERS = 300


def languages() -> frozenset[str]:
    """The BCP 47 primary tags that one of the installation's voices speaks acceptably."""
    return _spoken_by(names_in(settings.VOICE))


def problems_with(brief: Brief) -> tuple[BriefProblem, ...]:
    """A voice or music provider that is unknown or not set up, or a language that no voice here speaks."""
    return (
        *_music_problems(names_in(brief.providers.music or settings.MUSIC)),
        *_voice_problems(names_in(brief.providers.voice or settings.VOICE), brief.language),
    )


def narrate(
    *,
    job_id: UUID,
    attempt: int,
    script_id: UUID,
    line: Line,
    language: str,
    voice: VoiceProfile,
    target_ms: int | None = None,
    mood: Mood | None = None,
    energy: str = "medium",
    provider: str = "",
) -> Narration:
    """One line as mono 48 kHz WAV in storage, each of its words timed, speech within 30 ms of its start.

    `mood` (the curve's at this scene) and `energy` (the persona's level) shape how it is said: at arousal
    +-1 the pace is 6 % off. `target_ms` at that pace is met within 15 % of the persona's natural pace.
    `provider` may be several names, asked in order; whichever has a job's first line done speaks all of it.
    Raises UnableToProvide, ProviderUnavailable.
    """
    tag = _primary(language)
    manner = delivery.delivery(mood, energy=energy, opening=line.ordinal == 0)

    def told_by(name: str) -> dict[str, Any]:
        return _told(job_id, name, line, tag, voice, manner, target_ms)

    columns = _in_the_jobs_voice(job_id, names_in(provider or settings.VOICE), told_by)
    return _narration(_keep(job_id, attempt, NARRATION, line.ordinal, script_id=script_id, **columns))


def score(
    *,
    job_id: UUID,
    attempt: int,
    script_id: UUID,
    timeline: Timeline,
    narrations: tuple[Narration, ...],
    seed: int,
    directives: tuple[Directive, ...] = (),
    provider: str = "",
) -> Mix:
    """The narrations at their shots' `voice_ms` over a bed that follows the timeline, mastered.

    48 kHz stereo, exactly `total_ms` long; -14 LUFS; the voice and the bed as it gives way are kept as stems.
    The bed's first beat is the timeline's first sample, and its beats follow at the timeline's `bpm`.
    `provider` may be several names, asked in order. Raises UnableToProvide, ProviderUnavailable.
    """
    heard = [d for d in directives if d.kind in HEARD]

    def played_by(name: str) -> dict[str, Any]:
        return _played(job_id, name, timeline, narrations, seed, heard)

    _, columns = first_to_deliver(names_in(provider or settings.MUSIC), played_by)
    return _mix(_keep(job_id, attempt, MIX, 0, script_id=script_id, **columns))


def speak_sample(*, persona_id: str, voice: VoiceProfile, language: str, text: str) -> str:
    """The storage key of a WAV in which a persona's voice says the beginning of `text`; made once."""
    tag, said = _primary(language), text[:SAMPLE_CHARACTERS]

    def told_by(name: str) -> str:
        speaker = _voice(name)
        inputs = digest([RECIPE, name, persona_id, speaker.voice_id(tag, voice), voice, tag, said])
        key = f"samples/{inputs[:24]}.wav"
        if not blobs.exists(key):
            line = Line(ordinal=0, words=tuple(Word(display=w, spoken=w) for w in said.split()))
            _store(key, narration.record(line, speaker=speaker, language=tag, voice=voice).samples)
        return key

    return first_to_deliver(names_in(settings.VOICE), told_by)[1]


def providers() -> dict[str, tuple[str, ...]]:
    """The names of the voice and the music providers that a brief may ask for."""
    return {"voice": tuple(registry.VOICES), "music": tuple(registry.MUSIC)}


def _played(
    job_id: UUID,
    name: str,
    timeline: Timeline,
    narrations: Sequence[Narration],
    seed: int,
    heard: Sequence[Directive],
) -> dict[str, Any]:
    """The columns of a mix with music from the provider `name`, mixed now if it never was."""
    inputs = digest([RECIPE, name, _musical(timeline), [n.key for n in narrations], seed, heard])[:12]
    key = f"jobs/{job_id}/{MIX}-0-{inputs}.wav"
    voice_key, bed_key = (f"jobs/{job_id}/{kind}-0-{inputs}.flac" for kind in ("voice-stem", "bed-stem"))
    columns = _made_before(key, voice_key, bed_key)
    if columns is not None:
        return columns
    bed = registry.music(name, settings).bed(
        mixdown.exaggerated(timeline, _amount(heard, DirectiveKind.FOLLOW_CURVE)),
        samples=timeline.total_ms * SAMPLE_RATE // 1000,
        seed=int(digest([seed, [n.voice_id for n in narrations[:1]]])[:8], 16),  # a persona has its own music
    )
    programme = _mixed(bed, timeline, narrations, heard)
    for stored, audio in ((voice_key, programme.voice), (bed_key, programme.bed), (key, programme.mix)):
        _store(stored, audio)
    return {
        "storage_url": key,
        "voice_stem_url": voice_key,
        "bed_stem_url": bed_key,
        "voice_id": narrations[0].voice_id if narrations else "",
        "duration_ms": timeline.total_ms,
        "provider": name,
        "integrated_lufs": programme.integrated_lufs,
        "true_peak_dbtp": programme.true_peak_dbtp,
        "credit": bed.credit,
    }


def _in_the_jobs_voice(job_id: UUID, names: Sequence[str], told_by: Callable[[str], T]) -> T:
    """What the job's voice gives; where it has none yet, what the first of `names` that delivers gives.

    Whoever finds that another line was done meanwhile in another voice has its own said again in that one.
    """
    speaking = job_voices.decided(job_id)
    if speaking is None:
        name, told = first_to_deliver(names, told_by)
        speaking = job_voices.decide(job_id, name)
        if speaking == name:
            return told
        tell("voice_kept", provider=speaking, instead_of=name)
    try:
        return first_to_deliver((speaking,), told_by)[1]  # which waits where that voice is paused
    except UnableToProvide as refusal:
        raise UnableToProvide(
            f"{refusal} This short already speaks with {speaking!r}: mend that, or make it anew to have "
            "another voice."
        ) from refusal


def _told(
    job_id: UUID,
    name: str,
    line: Line,
    tag: str,
    voice: VoiceProfile,
    manner: delivery.Delivery,
    target_ms: int | None,
) -> dict[str, Any]:
    """The columns of a line spoken by the provider `name`, spoken now if it never was."""
    speaker = _voice(name)
    voice_id = speaker.voice_id(tag, voice)
    inputs = digest([RECIPE, name, voice_id, line, tag, voice, manner, target_ms])
    key = f"jobs/{job_id}/{NARRATION}-{line.ordinal}-{inputs[:12]}.wav"
    columns = _made_before(key)
    if columns is not None:
        return columns
    speech = narration.record(
        line, speaker=speaker, language=tag, voice=voice, delivery=manner, target_ms=target_ms
    )
    _store(key, speech.samples)
    return {
        "storage_url": key,
        "voice_id": voice_id,
        "duration_ms": speech.duration_ms,
        "provider": name,
        "words": to_json(speech.words),
    }


def _voice(name: str) -> Voice:
    """The voice of that name, ready to speak. Raises UnableToProvide."""
    speaker = registry.voice(name, settings)
    if speaker.missing():
        raise UnableToProvide(speaker.missing())
    return speaker


def _music_problems(names: Sequence[str]) -> list[BriefProblem]:
    if any(name not in registry.MUSIC for name in names) or not names:
        return [_unknown("providers.music", "music", registry.MUSIC)]
    lacking = [registry.music(name, settings).missing() for name in names]
    if not all(lacking):
        return []
    return [
        BriefProblem(
            field="providers.music",
            code="provider_not_configured",
            reason="The music is not set up on this installation.",
            remedy=" ".join(lacking),
        )
    ]


def _voice_problems(names: Sequence[str], language: str) -> list[BriefProblem]:
    if any(name not in registry.VOICES for name in names) or not names:
        return [_unknown("providers.voice", "voice", registry.VOICES)]
    lacking = [registry.voice(name, settings).missing() for name in names]
    if all(lacking):
        return [
            BriefProblem(
                field="providers.voice",
                code="provider_not_configured",
                reason="The voice is not set up on this installation.",
                remedy=" ".join(lacking),
            )
        ]
    spoken = _spoken_by(names)
    if _primary(language) in spoken:
        return []
    return [
        BriefProblem(
            field="language",
            code="unspoken_language",
            reason="The voice cannot speak this language well enough to be timed.",
            remedy=f"Choose one of {', '.join(sorted(spoken))}.",
        )
    ]


def _spoken_by(names: Sequence[str]) -> frozenset[str]:
    """What the voices of `names` that are set up speak between them."""
    voices = [registry.voice(name, settings) for name in names]
    return frozenset().union(*(voice.languages() for voice in voices if not voice.missing()))


def _primary(language: str) -> str:
    return language.replace("_", "-").partition("-")[0].lower()


def _unknown(field: str, kind: str, known: dict) -> BriefProblem:
    return BriefProblem(
        field=field,
        code="unknown_provider",
        reason=f"There is no {kind} provider of that name.",
        remedy=f"Choose one of {', '.join(sorted(known))}, or leave it empty.",
    )


def _musical(timeline: Timeline) -> list[Any]:
    """What of a timeline can be heard: captions may change without a new mix."""
    shots = [[s.purpose, s.start_ms, s.end_ms, s.voice_ms, s.arousal, s.valence] for s in timeline.shots]
    return [timeline.total_ms, timeline.bpm, timeline.bars, shots]


def _mixed(
    bed: Bed, timeline: Timeline, narrations: Sequence[Narration], heard: Sequence[Directive]
) -> Programme:
    return mixdown.mix_down(
        _placed(timeline, narrations, _amount(heard, DirectiveKind.FOLLOW_CURVE)),
        bed.samples,
        lower_bed=_amount(heard, DirectiveKind.LOWER_BED),
        harder=_amount(heard, DirectiveKind.FIX_LOUDNESS),
    )


def _placed(timeline: Timeline, narrations: Sequence[Narration], follow: float) -> list[Placed]:
    shots = {shot.ordinal: shot for shot in timeline.shots}
    lifts = mixdown.lifts([shots[said.ordinal].arousal for said in narrations], follow=follow)
    placed = []
    for said, lift in zip(narrations, lifts, strict=True):
        with blobs.local(said.key) as path:
            samples = wave_files.read_mono(path)
        start = shots[said.ordinal].voice_ms * SAMPLE_RATE // 1000
        placed.append(Placed(samples=samples, start=start, lift_db=lift))
    return placed


def _amount(directives: Sequence[Directive], kind: DirectiveKind) -> float:
    """How far all directives of a kind go together, 0-1."""
    return min(sum(d.amount for d in directives if d.kind == kind), 1.0)


def _store(key: str, audio: Any) -> None:
    with blobs.scratch() as folder:
        blobs.put(key, wave_files.write(folder / PurePosixPath(key).name, audio))


_RESULT_COLUMNS = (
    "storage_url",
    "voice_id",
    "duration_ms",
    "provider",
    "words",
    "voice_stem_url",
    "bed_stem_url",
    "integrated_lufs",
    "true_peak_dbtp",
    "credit",
)


def _made_before(key: str, *others: str) -> dict[str, Any] | None:
    """What is on record for a key that earlier work, perhaps of another attempt, left in storage."""
    row = AudioTrack.objects.using(ALIAS).filter(storage_url=key).values(*_RESULT_COLUMNS).first()
    return row if row is not None and all(blobs.exists(k) for k in (key, *others)) else None


def _keep(job_id: UUID, attempt: int, kind: str, ordinal: int, **columns: Any) -> AudioTrack:
    with in_transaction(ALIAS):
        row, _ = AudioTrack.objects.using(ALIAS).update_or_create(
            id=row_id(job_id, attempt, kind, ordinal),
            defaults={"job_id": job_id, "attempt": attempt, "kind": kind, "ordinal": ordinal, **columns},
        )
    return row


def _narration(row: AudioTrack) -> Narration:
    return Narration(
        ordinal=row.ordinal,
        key=row.storage_url,
        duration_ms=row.duration_ms,
        words=from_json(tuple[SpokenWord, ...], row.words),
        voice_id=row.voice_id,
        provider=row.provider,
    )


def _mix(row: AudioTrack) -> Mix:
    return Mix(
        id=row.id,
        key=row.storage_url,
        voice_key=row.voice_stem_url,
        bed_key=row.bed_stem_url,
        duration_ms=row.duration_ms,
        integrated_lufs=row.integrated_lufs or 0.0,
        true_peak_dbtp=row.true_peak_dbtp or 0.0,
        voice_id=row.voice_id,
        credit=row.credit,
    )

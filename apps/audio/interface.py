"""The audio service's door: narration with the time of every word, and the finished mix.

Decides nothing about what is said; draws no captions. Work whose inputs are unchanged is not done again.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.conf import settings

from apps.audio import mixdown, narration, wave_files
from apps.audio.loudness import SAMPLE_RATE
from apps.audio.mixdown import Placed, Programme
from apps.audio.models import MIX, NARRATION, AudioTrack
from apps.audio.providers import Music, registry
from apps.contracts.brief import Brief, BriefProblem
from apps.contracts.codec import digest, from_json, to_json
from apps.contracts.decision import VoiceProfile
from apps.contracts.identity import row_id
from apps.contracts.judgement import Directive, DirectiveKind
from apps.contracts.media import Mix, Narration, SpokenWord, Timeline
from apps.contracts.story import Line, Word
from apps.foundation import blobs
from apps.foundation.transactions import in_transaction

ALIAS = "audio"
#: Part of every digest: raise it when the same inputs shall sound different from now on.
RECIPE = 1
#: Characters of a sample; a few sentences tell a voice.
SAMPLE_CHARACTERS = 300


def languages() -> frozenset[str]:
    """The BCP 47 primary tags that the installation's voice speaks acceptably."""
    return registry.voice(settings.VOICE).languages()


def problems_with(brief: Brief) -> tuple[BriefProblem, ...]:
    """An unknown voice or music provider, or a language that the voice cannot speak."""
    voice, music = brief.providers.voice or settings.VOICE, brief.providers.music or settings.MUSIC
    found = []
    if music not in registry.MUSIC:
        found.append(_unknown("providers.music", "music", registry.MUSIC))
    if voice not in registry.VOICES:
        return (*found, _unknown("providers.voice", "voice", registry.VOICES))
    spoken = registry.voice(voice).languages()
    if _primary(brief.language) not in spoken:
        found.append(
            BriefProblem(
                field="language",
                code="unspoken_language",
                reason="The voice cannot speak this language well enough to be timed.",
                remedy=f"Choose one of {', '.join(sorted(spoken))}.",
            )
        )
    return tuple(found)


def narrate(
    *,
    job_id: UUID,
    attempt: int,
    script_id: UUID,
    line: Line,
    language: str,
    voice: VoiceProfile,
    target_ms: int | None = None,
    provider: str = "",
) -> Narration:
    """One line as mono 48 kHz WAV in storage, each of its words timed, speech within 30 ms of its start.

    `target_ms` is met within 15 % of the persona's natural pace. Raises UnableToProvide, ProviderUnavailable.
    """
    name, tag = provider or settings.VOICE, _primary(language)
    speaker = registry.voice(name)
    inputs = digest([RECIPE, name, line, tag, voice, target_ms])
    key = f"jobs/{job_id}/{NARRATION}-{line.ordinal}-{inputs[:12]}.wav"
    columns = _made_before(key)
    if columns is None:
        speech = narration.record(line, speaker=speaker, language=tag, voice=voice, target_ms=target_ms)
        _store(key, speech.samples)
        columns = {
            "storage_url": key,
            "voice_id": speaker.voice_id(tag, voice),
            "duration_ms": speech.duration_ms,
            "provider": name,
            "words": to_json(speech.words),
        }
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
    Raises UnableToProvide, ProviderUnavailable.
    """
    name = provider or settings.MUSIC
    heard = [d for d in directives if d.kind in (DirectiveKind.LOWER_BED, DirectiveKind.FIX_LOUDNESS)]
    inputs = digest([RECIPE, name, _musical(timeline), [n.key for n in narrations], seed, heard])
    key, voice_key, bed_key = (
        f"jobs/{job_id}/{kind}-0-{inputs[:12]}.wav" for kind in (MIX, "voice-stem", "bed-stem")
    )
    columns = _made_before(key, voice_key, bed_key)
    if columns is None:
        programme = _mixed(registry.music(name), timeline, narrations, seed, heard)
        for stored, audio in ((voice_key, programme.voice), (bed_key, programme.bed), (key, programme.mix)):
            _store(stored, audio)
        columns = {
            "storage_url": key,
            "voice_stem_url": voice_key,
            "bed_stem_url": bed_key,
            "voice_id": narrations[0].voice_id if narrations else "",
            "duration_ms": timeline.total_ms,
            "provider": name,
            "integrated_lufs": programme.integrated_lufs,
            "true_peak_dbtp": programme.true_peak_dbtp,
        }
    return _mix(_keep(job_id, attempt, MIX, 0, script_id=script_id, **columns))


def speak_sample(*, persona_id: str, voice: VoiceProfile, language: str, text: str) -> str:
    """The storage key of a WAV in which a persona's voice says the beginning of `text`; made once."""
    name, tag = settings.VOICE, _primary(language)
    said = text[:SAMPLE_CHARACTERS]
    key = f"samples/{digest([RECIPE, name, persona_id, voice, tag, said])[:24]}.wav"
    if not blobs.exists(key):
        line = Line(ordinal=0, words=tuple(Word(display=w, spoken=w) for w in said.split()))
        speech = narration.record(line, speaker=registry.voice(name), language=tag, voice=voice)
        _store(key, speech.samples)
    return key


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
    music: Music, timeline: Timeline, narrations: Sequence[Narration], seed: int, heard: Sequence[Directive]
) -> Programme:
    bed = music.bed(timeline, samples=timeline.total_ms * SAMPLE_RATE // 1000, seed=seed)
    return mixdown.mix_down(
        _placed(timeline, narrations),
        bed,
        lower_bed=_amount(heard, DirectiveKind.LOWER_BED),
        harder=_amount(heard, DirectiveKind.FIX_LOUDNESS),
    )


def _placed(timeline: Timeline, narrations: Sequence[Narration]) -> list[Placed]:
    shots = {shot.ordinal: shot for shot in timeline.shots}
    lifts = mixdown.lifts([shots[said.ordinal].arousal for said in narrations])
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
        blobs.put(key, wave_files.write(folder / "audio.wav", audio))


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
    )

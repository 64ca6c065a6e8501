"""The persona service's door: who may speak, and who speaks in one short. Makes no sound itself."""

from pathlib import Path
from uuid import UUID

from apps.contracts.brief import Brief, BriefProblem
from apps.contracts.choosing import choose as choose_among
from apps.contracts.codec import from_json
from apps.contracts.decision import (
    Advice,
    AudienceProfile,
    Belief,
    Decision,
    FactorKind,
    Persona,
    VoiceProfile,
)
from apps.contracts.identity import row_id
from apps.foundation.catalog import SeedReport, apply_entries, read_entries
from apps.foundation.holding import held
from apps.persona import evolution, models
from apps.persona.choosing import fit, reason_for

ALIAS = "persona"
CATALOG = Path(__file__).parent / "catalog" / "personas.yaml"


class UnknownPersona(LookupError):
    """No persona has this id; the message names those there are."""


class UnableToFindSpeaker(LookupError):
    """No persona speaks the language; the message names the languages that are spoken."""


def seed() -> SeedReport:
    """Bring the persona catalogue into the table; what a curator edited stays as it is."""
    before = {row.id: evolution.facts_of(row) for row in models.Persona.objects.using(ALIAS)}
    report = apply_entries(models.Persona, read_entries(CATALOG), key="id", alias=ALIAS)
    if report.added or report.updated:
        for row in models.Persona.objects.using(ALIAS):
            told = before.get(row.id, {}), evolution.facts_of(row)
            evolution.record(row.id, *told, by=evolution.CATALOGUE)
    return report


@held
def personas() -> tuple[Persona, ...]:
    """Every persona a brief may name."""
    return tuple(_persona(row) for row in models.Persona.objects.filter(active=True))


def persona(id: str) -> Persona:
    """One persona, also when it is switched off. Raises UnknownPersona."""
    return _persona(_row(id))


def sample(id: str) -> tuple[str, str]:
    """What a persona says to be heard: (language tag, sentence). Raises UnknownPersona."""
    row = _row(id)
    return row.sample_language, row.sample


def candidates(language: str) -> tuple[str, ...]:
    """The ids `choose` may choose among for a language, to ask memory for advice on."""
    return tuple(persona.id for persona in personas() if language in persona.voice.voices)


def problems_with(brief: Brief) -> tuple[BriefProblem, ...]:
    """An unknown persona, one that does not speak the language, or a language nobody speaks."""
    known = {persona.id: persona for persona in personas()}
    speakers = [id for id, persona in known.items() if brief.language in persona.voice.voices]
    if brief.persona and brief.persona not in known:
        return (_unknown(brief, tuple(known)),)
    if not speakers:
        return (_nobody_speaks(brief, _languages(tuple(known.values()))),)
    if brief.persona and brief.persona not in speakers:
        return (_does_not_speak(brief, known[brief.persona], speakers),)
    return ()


def choose(
    *,
    job_id: UUID,
    language: str,
    audience: AudienceProfile,
    persona_id: str = "",
    advice: tuple[Advice, ...] = (),
) -> tuple[Persona, Decision]:
    """Who speaks, and why; kept as the job's persona usage.

    `persona_id` wins where it is given. Advice refers to personas by id. Raises UnknownPersona
    and UnableToFindSpeaker.
    """
    if persona_id:
        chosen, reason, belief = persona(persona_id), "The brief asks for this persona.", None
    else:
        chosen, reason, belief = _best(language, audience, advice)
    models.PersonaUsage.objects.using(ALIAS).update_or_create(
        id=row_id(job_id, 0, "persona_usage"), defaults={"job_id": job_id, "persona_id": chosen.id}
    )
    return chosen, Decision(name="persona", value=chosen.id, reason=reason, belief=belief)


def _best(
    language: str, audience: AudienceProfile, advice: tuple[Advice, ...]
) -> tuple[Persona, str, Belief | None]:
    rows = {row.id: row for row in models.Persona.objects.filter(active=True)}
    known = {id: _persona(row) for id, row in rows.items()}
    speakers = {id: persona for id, persona in known.items() if language in persona.voice.voices}
    if not speakers:
        spoken = ", ".join(_languages(tuple(known.values())))
        raise UnableToFindSpeaker(f"Nobody speaks {language!r}; spoken are {spoken or 'none: run seed'}.")
    fits = {id: fit(persona, audience, rows[id].made_for) for id, persona in sorted(speakers.items())}
    choice = choose_among(fits, FactorKind.PERSONA, advice)
    best, *others = choice.order
    runner_up = speakers[others[0]].name if others else ""
    return speakers[best], reason_for(speakers[best], runner_up, audience, language, advice), choice.belief


def _row(id: str) -> models.Persona:
    # Compared here and not in SQL, which refuses NUL bytes and lone surrogates with an error.
    rows = {row.id: row for row in models.Persona.objects.all()}
    if id not in rows:
        raise UnknownPersona(f"There is no persona {id!r}; known are {', '.join(rows)}.")
    return rows[id]


def _persona(row: models.Persona) -> Persona:
    return Persona(
        id=row.id,
        name=row.name,
        sentence_length=row.sentence_length,
        energy_level=row.energy_level,
        vocabulary_level=row.vocabulary_level,
        voice=from_json(VoiceProfile, row.voice_profile),
        caption_style=row.caption_style,
        description=row.description,
    )


def _languages(known: tuple[Persona, ...]) -> list[str]:
    return sorted({tag for persona in known for tag in persona.voice.voices if "@" not in tag})


def _unknown(brief: Brief, known: tuple[str, ...]) -> BriefProblem:
    return BriefProblem(
        field="persona",
        code="unknown_persona",
        reason=f"There is no persona {brief.persona[:50]!r}.",
        remedy=f"Use one of: {', '.join(known)}; or leave it out to have one chosen."
        if known
        else "Run `manage.py seed` to load the personas.",
    )


def _nobody_speaks(brief: Brief, spoken: list[str]) -> BriefProblem:
    return BriefProblem(
        field="language",
        code="unspoken_language",
        reason=f"No persona speaks {brief.language[:20]!r}.",
        remedy=f"Use one of: {', '.join(spoken)}; or give a persona a voice for it in the admin."
        if spoken
        else "Run `manage.py seed` to load the personas.",
    )


def _does_not_speak(brief: Brief, persona: Persona, speakers: list[str]) -> BriefProblem:
    own = ", ".join(sorted(persona.voice.voices))
    return BriefProblem(
        field="persona",
        code="persona_does_not_speak_language",
        reason=f"{persona.name} does not speak {brief.language!r}, only {own}.",
        remedy=f"Choose one who does ({', '.join(speakers)}), or leave persona out.",
    )

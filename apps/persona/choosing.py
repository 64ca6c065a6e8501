"""Chooses who speaks to an audience: how well each fits, tipped by what memory drew. No I/O."""

from collections.abc import Sequence

from apps.contracts.choosing import said_of
from apps.contracts.decision import Advice, AudienceProfile, FactorKind, Persona

#: Shares of the fit.
ENERGY_SHARE, SENTENCE_SHARE, VOCABULARY_SHARE, LANGUAGE_SHARE, MADE_FOR_SHARE = 0.34, 0.17, 0.17, 0.17, 0.15
#: Places on the scales that persona and audience are compared on.
ENERGY = {"low": 0.0, "medium": 0.5, "high": 1.0}
SENTENCE = {"short": 0.0, "medium": 0.5, "long": 1.0}
VOCABULARY = {"simple": 0.0, "everyday": 0.5, "rich": 1.0}
#: Seconds of attention that need short, simple sentences, and that follow long, rich ones.
ATTENTION_SCALE = (4.0, 10.0)


def fit(persona: Persona, audience: AudienceProfile, made_for: Sequence[str] = ()) -> float:
    """How well a speaker suits an audience, 0-1.

    Sums energy, sentences, words, the languages they share, and whether the speaker was written for
    this audience (`made_for`: audience keys).
    """
    patience = _patience(audience)
    return (
        ENERGY_SHARE * (1 - abs(ENERGY[persona.energy_level] - ENERGY[audience.visual_energy]))
        + SENTENCE_SHARE * (1 - abs(SENTENCE[persona.sentence_length] - patience))
        + VOCABULARY_SHARE * (1 - abs(VOCABULARY[persona.vocabulary_level] - patience))
        + LANGUAGE_SHARE * _shared_languages(persona, audience)
        + MADE_FOR_SHARE * (audience.key in made_for)
    )


def reason_for(
    persona: Persona, runner_up: str, audience: AudienceProfile, language: str, advice: Sequence[Advice]
) -> str:
    """Why this persona, in words a person reads."""
    text = (
        f"{persona.name} speaks {language} with {persona.energy_level} energy, in {persona.sentence_length} "
        f"sentences and {persona.vocabulary_level} words; {audience.name} are used to "
        f"{audience.visual_energy} energy and stay {audience.attention_span:g} s unrewarded"
    )
    text += f". Next best: {runner_up}." if runner_up else "; nobody else speaks it."
    return text + said_of(persona.id, FactorKind.PERSONA, advice)


def _patience(audience: AudienceProfile) -> float:
    least, most = ATTENTION_SCALE
    return max(0.0, min(1.0, (audience.attention_span - least) / (most - least)))


def _shared_languages(persona: Persona, audience: AudienceProfile) -> float:
    return sum(share for tag, share in audience.language_mix.items() if tag in persona.voice.voices)

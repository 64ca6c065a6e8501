"""How long the short should be, and how often it cuts. Seconds in, seconds out; no I/O."""

from math import ceil, log

from apps.contracts.brief import Brief
from apps.contracts.choosing import choose, said_of
from apps.contracts.decision import Advice, AudienceProfile, Belief, Decision, FactorKind, PlatformProfile

#: Words a narrator says in a second, hook and pauses included. Too high promises more than is heard.
WORDS_PER_SECOND = 2.5
#: Seconds that hook, lead and loop line add to what the facts themselves fill; too few drop a fact.
FRAME_SECONDS = 9
#: Seconds of attention at which a platform's ideal length holds as it is.
USUAL_ATTENTION = 6.0
#: How strongly length follows attention: twice the attention makes it 1.27 times as long.
ATTENTION_EXPONENT = 0.35
#: How far attention may pull the length from the platform's ideal.
LENGTH_PULL = (0.75, 1.25)
#: Lengths tried beside the wanted one, so that memory has something to tip between.
LENGTH_TRIALS = (1.0, 0.8, 1.25)
#: Bands that memory learns lengths in: name to the first second beyond it.
LENGTH_BANDS = {"under_15": 15, "15_21": 22, "22_29": 30, "30_44": 45, "45_59": 60, "60_plus": 10**6}

#: Mean seconds a scene stays, by the visual energy an audience is used to.
CUT_BY_ENERGY = {"high": 2.7, "medium": 3.2, "low": 3.9}
#: A scene shorter than the first cannot be read, one longer than the second is left.
CUT_BOUNDS = (2.5, 4.5)
#: Bands that memory learns cut rates in: name to its centre, seconds a scene.
CUT_BANDS = {"fast": 2.7, "medium": 3.2, "slow": 3.9}
#: Hook, one escalation, twist and loop are the least; beyond twelve only what CUT_BOUNDS forces.
SCENES = (4, 12)


def material_seconds(brief: Brief) -> int | None:
    """Seconds that the brief's facts and source text fill when spoken; None where there are none."""
    words = sum(spoken_words(text) for text in (*brief.facts, brief.source_text))
    return FRAME_SECONDS + ceil(words / WORDS_PER_SECOND) if words else None


def spoken_words(text: str) -> int:
    """About how many words a text has when it is said: "$121,997" is one written and nine spoken.

    A figure is said in about as many words as it has digits, its unit or currency in one more.
    """
    return sum(_spoken(token) for token in text.split())


def _spoken(token: str) -> int:
    digits = sum(character.isdigit() for character in token)
    has_unit = not token.strip(".,;:!?()").replace(",", "").replace(".", "").isdigit()
    return digits + has_unit if digits else 1


def length_band(seconds: int) -> str:
    """The band a length falls in."""
    return next(name for name, beyond in LENGTH_BANDS.items() if seconds < beyond)


def cut_band(cut_seconds: float) -> str:
    """The band a mean scene length falls in: the nearest centre, in proportion."""
    return min(CUT_BANDS, key=lambda name: abs(log(cut_seconds / CUT_BANDS[name])))


def wanted_length(platform: PlatformProfile, audience: AudienceProfile, brief: Brief) -> int:
    """The platform's ideal, pulled by attention, cut to the material, held to the platform's bounds."""
    pull = _clamp((audience.attention_span / USUAL_ATTENTION) ** ATTENTION_EXPONENT, *LENGTH_PULL)
    filled = material_seconds(brief)
    ideal = platform.ideal_length * pull
    return round(_clamp(ideal if filled is None else min(ideal, filled), *_bounds(platform)))


def length_trials(platform: PlatformProfile, audience: AudienceProfile, brief: Brief) -> dict[str, int]:
    """The lengths worth considering by band, the wanted one first; none longer than the material, and
    none that leaves a fact out where there are no more than the wanted length tells."""
    wanted = wanted_length(platform, audience, brief)
    filled = material_seconds(brief) or wanted * 2
    most = max(filled, wanted)
    least = min(wanted, most) if filled <= wanted else 0
    trials: dict[str, int] = {}
    for factor in LENGTH_TRIALS:
        seconds = round(_clamp(wanted * factor, *_bounds(platform)))
        if least <= seconds <= most:
            trials.setdefault(length_band(seconds), seconds)
    return trials


def choose_length(
    platform: PlatformProfile, audience: AudienceProfile, brief: Brief, advice: tuple[Advice, ...]
) -> tuple[int, Decision]:
    """The length in whole seconds and its reason; the brief's own duration wins."""
    if brief.duration is not None:
        return brief.duration, Decision(
            name="length", value=str(brief.duration), reason=_asked_reason(brief.duration, brief)
        )
    trials = length_trials(platform, audience, brief)
    fits = {band: _nearness(seconds, next(iter(trials.values()))) for band, seconds in trials.items()}
    choice = choose(fits, FactorKind.LENGTH_BAND, advice)
    band = choice.order[0]
    reason = _length_reason(trials[band], platform, audience, brief)
    reason += said_of(band, FactorKind.LENGTH_BAND, advice)
    return trials[band], Decision(name="length", value=str(trials[band]), reason=reason, belief=choice.belief)


def choose_cut(
    audience: AudienceProfile, advice: tuple[Advice, ...], band: str = ""
) -> tuple[float, str, Belief | None]:
    """The mean scene length wanted, seconds, why, and what memory believed; a `band` that the brief
    asks for wins."""
    if band:
        return CUT_BANDS[band], f"The brief asks for {band} cuts, one every {CUT_BANDS[band]:.1f} s.", None
    pull = (audience.attention_span / USUAL_ATTENTION) ** 0.2
    wanted = _clamp(CUT_BY_ENERGY[audience.visual_energy] * pull, *CUT_BOUNDS)
    fits = {band: _nearness(centre, wanted) for band, centre in CUT_BANDS.items()}
    fits[cut_band(wanted)] = 1.0
    choice = choose(fits, FactorKind.CUT_RATE_BAND, advice)
    band = choice.order[0]
    cut = wanted if band == cut_band(wanted) else CUT_BANDS[band]
    reason = (
        f"{audience.name} are used to {audience.visual_energy} visual energy and give a scene "
        f"{audience.attention_span:g} s before they leave, which asks for a cut every {wanted:.1f} s."
    )
    return cut, reason + said_of(band, FactorKind.CUT_RATE_BAND, advice), choice.belief


def scenes_in_band(length_seconds: int, band: str) -> int | None:
    """How many scenes make a short of that length cut in `band`; None where no number does.

    More than SCENES allows are taken, since the brief asks for them; none shorter than can be read.
    """
    counts = range(SCENES[0], int(length_seconds / CUT_BOUNDS[0]) + 1)
    fitting = [n for n in counts if cut_band(round(length_seconds / n, 2)) == band]
    return min(fitting, key=lambda n: abs(log(length_seconds / n / CUT_BANDS[band])), default=None)


def scene_count(length_seconds: int, cut_seconds: float) -> int:
    """Scenes of a short of that length: 4 to 12, more only where a scene would outlast CUT_BOUNDS."""
    fewest = max(SCENES[0], ceil(length_seconds / CUT_BOUNDS[1]))
    most = min(SCENES[1], int(length_seconds / CUT_BOUNDS[0]))
    return max(fewest, min(most, round(length_seconds / cut_seconds)))


def _bounds(platform: PlatformProfile) -> tuple[int, int]:
    return platform.min_length, platform.max_length


def _nearness(value: float, wanted: float) -> float:
    return max(0.0, 1.0 - 1.2 * abs(log(value / wanted)))


def _clamp(value: float, low: float, high: float) -> float:
    return max(low, min(high, value))


def _asked_reason(seconds: int, brief: Brief) -> str:
    filled = material_seconds(brief)
    if filled is None or filled >= seconds * 0.8:
        return f"The brief asks for {seconds} s."
    return (
        f"The brief asks for {seconds} s, though its material fills about {filled} s: the pace will be calm."
    )


def _length_reason(seconds: int, platform: PlatformProfile, audience: AudienceProfile, brief: Brief) -> str:
    filled = material_seconds(brief)
    parts = [f"{platform.ideal_length} s do well on {platform.name}"]
    parts.append(f"{audience.name} stay {audience.attention_span:g} s unrewarded")
    if filled is not None:
        parts.append(f"the brief's material fills about {filled} s")
    if filled is not None and filled < platform.min_length:
        parts.append(f"{platform.min_length} s are the least {platform.name} takes here")
    return f"{_sentence(parts)}: {seconds} s."


def _sentence(parts: list[str]) -> str:
    joined = ", ".join(parts[:-1]) + f" and {parts[-1]}" if len(parts) > 1 else parts[0]
    return joined[0].upper() + joined[1:]

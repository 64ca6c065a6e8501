"""Turns weak signals into orders for the next attempt. It orders; the stages decide how."""

from collections.abc import Mapping

from apps.contracts.judgement import Directive, DirectiveKind, Signal
from apps.critic.scoring import Band

#: Orders in one retry: few enough that what helped can be told from what did not.
MOST = 3
#: Least `amount` of an order, so that a nearly good signal still moves.
LEAST_AMOUNT = 0.1
#: Weight of the parts outside the total: below the rated ones, as they only have to be good enough.
CRAFT_WEIGHT = 0.2

#: Which order mends which signal. What no order can mend (edit lists, index, a click at the seam) is a
#: fault of the making, and has none.
REMEDIES = {
    "hook_motion": DirectiveKind.MORE_MOTION,
    "hook_energy": DirectiveKind.MORE_MOTION,
    "first_change": DirectiveKind.MORE_MOTION,
    "first_frame_light": DirectiveKind.REDRAW_SCENE,
    "first_frame_contrast": DirectiveKind.REDRAW_SCENE,
    "colourfulness": DirectiveKind.REDRAW_SCENE,
    "speech_onset": DirectiveKind.TRIM_SILENCE,
    "hook_words": DirectiveKind.REWRITE_HOOK,
    "hook_end": DirectiveKind.REWRITE_HOOK,
    "hook_wording": DirectiveKind.REWRITE_HOOK,
    "greeting": DirectiveKind.REWRITE_HOOK,
    "shot_length": DirectiveKind.TIGHTEN_PACING,
    "shot_variety": DirectiveKind.TIGHTEN_PACING,
    "longest_hold": DirectiveKind.MORE_MOTION,
    "motion": DirectiveKind.MORE_MOTION,
    "freeze": DirectiveKind.MORE_MOTION,
    "black": DirectiveKind.REDRAW_SCENE,
    "speech_rate": DirectiveKind.TIGHTEN_PACING,
    "silence_share": DirectiveKind.TRIM_SILENCE,
    "longest_silence": DirectiveKind.TRIM_SILENCE,
    "visual_seam": DirectiveKind.REDRAW_SCENE,
    "seam_to_cut": DirectiveKind.REDRAW_SCENE,
    "audio_seam": DirectiveKind.FIX_LOUDNESS,
    "tail_silence": DirectiveKind.TRIM_SILENCE,
    "semantic_loop": DirectiveKind.CLOSE_LOOP,
    "audio_present": DirectiveKind.FIX_LOUDNESS,
    "loudness": DirectiveKind.FIX_LOUDNESS,
    "true_peak": DirectiveKind.FIX_LOUDNESS,
    "clipping": DirectiveKind.FIX_LOUDNESS,
    "voice_over_bed": DirectiveKind.LOWER_BED,
    "captioned": DirectiveKind.RESTYLE_CAPTIONS,
    "caption_contrast": DirectiveKind.RESTYLE_CAPTIONS,
    "caption_outside": DirectiveKind.RESTYLE_CAPTIONS,
    "reading_speed": DirectiveKind.RESTYLE_CAPTIONS,
    "unsourced_figures": DirectiveKind.MEND_FACTS,
    "unsourced_names": DirectiveKind.MEND_FACTS,
    "duration": DirectiveKind.TIGHTEN_PACING,
    "flashes": DirectiveKind.MORE_MOTION,
}
#: Orders whose stage works on the whole video: a scene would only mislead it.
WHOLE_VIDEO = {
    DirectiveKind.REWRITE_HOOK,
    DirectiveKind.CLOSE_LOOP,
    DirectiveKind.LOWER_BED,
    DirectiveKind.FIX_LOUDNESS,
    DirectiveKind.RESTYLE_CAPTIONS,
}


def directives_for(
    signals: tuple[Signal, ...], bands: Mapping[str, Band], weights: Mapping[str, float]
) -> tuple[Directive, ...]:
    """At most MOST orders, most useful first: tripped gates, then by what the total can gain.

    Weak is what lies outside its interval; where nothing does and the total is still too low, the
    signal with the most to gain is ordered mended.
    """
    usable = [s for s in signals if s.name in REMEDIES and s.score < 1]
    ranked = sorted(usable, key=lambda s: _urgency(s, bands[s.name], weights), reverse=True)
    weak = [s for s in ranked if _is_outside(s)] or ranked[:1]
    orders: dict[tuple[DirectiveKind, int | None], Directive] = {}
    for signal in weak:
        order = _order(signal, bands[signal.name])
        orders.setdefault((order.kind, order.ordinal), order)
    return tuple(orders.values())[:MOST]


def reason(signal: Signal, band: Band) -> str:
    """The measured fact in words: what, how much, and what is wanted."""
    return f"{band.label}: {_number(signal.value)}{_unit(band)}, wanted {_interval(signal)}{_unit(band)}"


def _is_outside(signal: Signal) -> bool:
    too_low = signal.low is not None and signal.value < signal.low
    return too_low or (signal.high is not None and signal.value > signal.high)


def _order(signal: Signal, band: Band) -> Directive:
    kind = REMEDIES[signal.name]
    if kind is DirectiveKind.MEND_FACTS and signal.ordinal == 0:
        kind = DirectiveKind.REWRITE_HOOK  # a hook is not mended: another one is chosen
    return Directive(
        kind=kind,
        ordinal=None if kind in WHOLE_VIDEO else signal.ordinal,
        amount=round(max(1 - signal.score, LEAST_AMOUNT), 2),
        reason=reason(signal, band),
    )


def _urgency(signal: Signal, band: Band, weights: Mapping[str, float]) -> tuple[bool, float]:
    """Tripped gates first, then the points that mending would add."""
    gain = weights.get(signal.part, CRAFT_WEIGHT) * band.weight * (1 - signal.score)
    return band.trips(signal.value), gain


def _interval(signal: Signal) -> str:
    if signal.low is None or signal.high is None:
        bound = signal.high if signal.low is None else signal.low
        return f"{'at most' if signal.low is None else 'at least'} {_number(bound or 0.0)}"
    return f"{_number(signal.low)} to {_number(signal.high)}"


def _number(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".") if abs(value) < 10 else f"{value:.1f}"


def _unit(band: Band) -> str:
    return f" {band.unit}" if band.unit else ""

"""An experiment as somebody asks for it: form fields to door data, problems to fields. Judges nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import QueryDict

from apps.contracts.brief import Brief, BriefProblem
from apps.contracts.decision import FactorKind, Plan
from apps.studio import drafts, names

#: Fields of the brief that the form shows; whatever else a short's brief says is taken over unseen.
SHOWN = ("topic", "facts", "source_text", "platform", "audience", "language", "channel")
#: The fields of a brief that would settle each factor: what is tried must be left open.
SETTLING: dict[str, tuple[str, ...]] = {
    FactorKind.HOOK: ("hook_type",),
    FactorKind.PERSONA: ("persona",),
    FactorKind.EMOTION_CURVE: ("curve", "curve_points"),
    FactorKind.LENGTH_BAND: ("duration",),
    FactorKind.CUT_RATE_BAND: ("cut_rate_band",),
    FactorKind.CAPTION_STYLE: ("caption_style",),
    FactorKind.LOOP_TECHNIQUE: ("loop_technique",),
}
#: What to do about too few levels or too many.
MARK = "Mark two or more, or none to have them chosen; eight at most."
#: Levels that memory chooses, unless somebody says how many.
USUAL_SIZE = "3"


@dataclass(frozen=True)
class Asked:
    """What was asked for: the brief as a draft, what to try on it, and what is wrong with either.

    `chosen` maps a factor to the levels marked for it; only those of `factor` count.
    """

    draft: drafts.Draft
    factor: str = ""
    n: str = USUAL_SIZE
    source: str = ""
    same: bool = False
    chosen: dict[str, tuple[str, ...]] = field(default_factory=dict)
    problems: dict[str, list[BriefProblem]] = field(default_factory=dict)

    @property
    def levels(self) -> tuple[str, ...]:
        """The levels marked for the factor that is tried."""
        return self.chosen.get(self.factor, ())

    @property
    def rows(self) -> list[tuple[str, str, BriefProblem]]:
        """Every problem with the field it belongs to, and that field's label, in the form's order."""
        labels = {"factor": "What to try", "levels": "Levels", "n": "How many"}
        own = [(name, labels[name], p) for name in labels for p in self.problems.get(name, ())]
        return [*own, *self.draft.rows]


@dataclass(frozen=True)
class FactorPick:
    """A factor to try, with the levels there are: value, label, and whether each is marked."""

    name: str
    label: str
    about: str
    levels: list[tuple[str, str, bool]]
    own: str  # what the short that it starts from has, as a label


def blank(*, platform: str = "", channel: str = "", factor: str = "", levels: Sequence[str] = ()) -> Asked:
    """Nothing to start from but, perhaps, an experiment to be made again about something else."""
    values = {**dict.fromkeys(drafts.FIELDS, ""), "platform": platform}
    values["channel"] = "" if channel == "default" else channel
    known = factor if factor in names.FACTORS else ""
    return Asked(
        drafts.Draft(values=values),
        factor=known,
        n=str(len(levels)) if known and levels else USUAL_SIZE,
        chosen={known: tuple(levels)} if known and levels else {},
    )


def of_short(job_id: str, brief: Brief, factor: str) -> Asked:
    """What "try another hook" starts from: a short's brief, all else kept as it was decided for it."""
    known = factor if factor in names.FACTORS else FactorKind.HOOK.value
    return Asked(drafts.of_brief(brief), factor=known, source=job_id, same=True)


def typed(form: QueryDict, base: Brief | None) -> Asked:
    """The request in a submitted form, over the brief that it started from."""
    draft = drafts.of_brief(base) if base else drafts.Draft(values=dict.fromkeys(drafts.FIELDS, ""))
    values = {**draft.values, **{name: form.get(name, "") for name in SHOWN}}
    marked = {kind.value: tuple(form.getlist(f"levels-{kind.value}")) for kind in names.FACTORS}
    return Asked(
        replace(draft, values=values),
        factor=form.get("factor", ""),
        n=form.get("n", ""),
        source=form.get("from", "") if base else "",
        same=bool(base and form.get("same")),
        chosen={kind: levels for kind, levels in marked.items() if levels},
    )


def data(asked: Asked, plan: Plan | None = None) -> dict[str, Any]:
    """What the gateway's door is given; with a `plan`, the brief keeps its choices but the one tried."""
    brief = drafts.brief_data(asked.draft)
    if asked.same and plan:
        brief |= _kept(plan, own_curve="curve_points" in brief)
    for name in SETTLING.get(asked.factor, ()):
        brief.pop(name, None)
    request: dict[str, Any] = {"brief": brief, "factor": asked.factor}
    if asked.levels:
        return {**request, "levels": list(asked.levels)}
    return {**request, "n": int(asked.n) if asked.n.isascii() and asked.n.isdecimal() else asked.n}


def _kept(plan: Plan, *, own_curve: bool) -> dict[str, Any]:
    """What was decided for a short, as fields of a brief."""
    decided = {
        "hook_type": plan.hook_type.value,
        "persona": plan.persona.id,
        "duration": plan.strategy.length_seconds,
        "caption_style": plan.caption_style,
        "loop_technique": plan.strategy.loop_technique.value,
        "cut_rate_band": plan.factors.get(FactorKind.CUT_RATE_BAND.value, ""),
        "curve": "" if own_curve else plan.curve.name,
    }
    return {name: value for name, value in decided.items() if value}


def kept(plan: Plan) -> list[tuple[str, str, str]]:
    """What was decided for a short: each factor, and it and its level in words."""
    found = [(kind.value, plan.factors.get(kind.value, "")) for kind in names.FACTORS]
    return [
        (kind, names.factor(kind), names.level(kind, value, (plan.persona,)))
        for kind, value in found
        if value
    ]


def with_problems(asked: Asked, problems: Iterable[BriefProblem]) -> Asked:
    """The request with each problem beside its field; `brief.facts.3` is about facts."""
    own: dict[str, list[BriefProblem]] = {}
    about_brief = []
    for problem in _in_words(asked, problems):
        if problem.field in ("factor", "levels", "n"):
            own.setdefault(problem.field, []).append(problem)
        else:
            about_brief.append(replace(problem, field=problem.field.removeprefix("brief.")))
    return replace(asked, draft=_shown(drafts.with_problems(asked.draft, about_brief)), problems=own)


def _in_words(asked: Asked, problems: Iterable[BriefProblem]) -> Iterable[BriefProblem]:
    """The problems as the form asks: levels are marked there, and their number needs no field then."""
    for problem in problems:
        if problem.field == "levels" and problem.code == "wrong_type":
            yield replace(problem, reason="There is nothing to compare it with.", remedy=MARK)
        elif not (problem.field == "n" and asked.levels):
            yield problem


def _shown(draft: drafts.Draft) -> drafts.Draft:
    """The draft with problems of fields that the form does not have moved to those of no field."""
    found: dict[str, list[BriefProblem]] = {}
    for name, problems in draft.problems.items():
        found.setdefault(name if name in SHOWN else "brief", []).extend(problems)
    return replace(draft, problems=found)


def picks(
    asked: Asked, offered: Mapping[FactorKind, Sequence[tuple[str, str]]], plan: Plan | None = None
) -> list[FactorPick]:
    """Every factor with its levels (value and label), those asked for marked."""
    return [
        FactorPick(
            name=kind.value,
            label=names.factor(kind),
            about=about,
            levels=[
                (value, label, value in asked.chosen.get(kind.value, ())) for value, label in offered[kind]
            ],
            own=_own(kind, plan, offered[kind]),
        )
        for kind, (_, _, about) in names.FACTORS.items()
    ]


def _own(kind: FactorKind, plan: Plan | None, offered: Sequence[tuple[str, str]]) -> str:
    decided = plan.factors.get(kind.value, "") if plan else ""
    return dict(offered).get(decided, names.level(kind, decided)) if decided else ""

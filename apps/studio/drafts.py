"""A brief as somebody types it: form fields to door data, problems back to fields. Judges nothing itself."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from apps.contracts.brief import Brief, BriefProblem

#: Text fields that are handed over as they are; empty ones are left out, so that defaults apply.
TEXT_FIELDS = (
    "platform",
    "audience",
    "persona",
    "curve",
    "hook_type",
    "caption_style",
    "cut_rate_band",
    "loop_technique",
    "language",
    "channel",
)
NUMBER_FIELDS = ("duration", "seed")
#: Fields of the brief's `providers`; each may name several, with commas between.
PROVIDER_FIELDS = ("writer", "pictures", "voice", "music")
FIELDS = (
    "topic",
    "facts",
    "source_text",
    "media",
    *TEXT_FIELDS,
    *NUMBER_FIELDS,
    *PROVIDER_FIELDS,
    "curve_points",
)
#: What stands under "Choose more yourself".
MORE_FIELDS = ("hook_type", "caption_style", "cut_rate_band", "loop_technique", "channel", "seed")
#: How the form names a field, where that is not the field's own name.
LABELS = {
    "duration": "Length in seconds",
    "source_text": "Source text",
    "persona": "Who speaks",
    "hook_type": "Hook",
    "curve": "Emotion curve",
    "curve_points": "Your own curve",
    "caption_style": "Captions",
    "cut_rate_band": "Cuts",
    "loop_technique": "Ending",
    "media": "Your own pictures",
}
#: Characters of a typed number; what is longer is handed over as text and refused by name.
DIGITS = 9


@dataclass(frozen=True)
class Draft:
    """What was typed, and what is wrong with it: problems by field, and those of no field shown.

    `media` are the keys of what is uploaded already.
    """

    values: dict[str, str] = field(default_factory=dict)
    media: tuple[str, ...] = ()
    problems: dict[str, list[BriefProblem]] = field(default_factory=dict)

    @property
    def rows(self) -> list[tuple[str, str, BriefProblem]]:
        """Every problem with its field and that field's label, in the form's order."""
        names = [name for name in (*FIELDS, "brief") if name in self.problems]
        return [(name, label(name), problem) for name in names for problem in self.problems[name]]

    @property
    def uploads(self) -> list[tuple[str, str]]:
        """Each uploaded file's key and name."""
        return [(key, key.rpartition("/")[2]) for key in self.media]

    @property
    def opens_more(self) -> bool:
        """Whether something beyond the usual is chosen, or wrongly chosen."""
        return self.has_providers or any(
            self.values.get(name) or name in self.problems for name in MORE_FIELDS
        )

    @property
    def has_providers(self) -> bool:
        """Whether a provider is named, or wrongly named."""
        return any(self.values.get(name) or name in self.problems for name in PROVIDER_FIELDS)


def label(name: str) -> str:
    """What the form calls a field."""
    return LABELS.get(name, name.capitalize())


def typed(form: Mapping[str, str], media: Iterable[str] = ()) -> Draft:
    """The draft in a submitted form, with the keys of files uploaded before and now.

    The credit is no field of a brief: it was kept with the files, and is shown again.
    """
    values = {name: form.get(name, "") for name in (*FIELDS, "credit")}
    return Draft(values=values, media=tuple(dict.fromkeys(media)))


def with_problems(draft: Draft, problems: Iterable[BriefProblem]) -> Draft:
    """The draft with each problem beside its field; `facts.3` is about facts, `providers.x` about x."""
    found: dict[str, list[BriefProblem]] = {}
    for problem in problems:
        name = problem.field.removeprefix("providers.").partition(".")[0]
        found.setdefault(name if name in FIELDS else "brief", []).append(problem)
    return Draft(values=draft.values, media=draft.media, problems=found)


def brief_data(draft: Draft) -> dict[str, Any]:
    """What the gateway's door is given: one fact a line, numbers as numbers where they are some."""
    values = draft.values
    data: dict[str, Any] = {"topic": values["topic"]}
    data["facts"] = [line for line in values["facts"].splitlines() if line.strip()]
    data["source_text"] = values["source_text"]
    data.update({name: values[name] for name in TEXT_FIELDS if values[name].strip()})
    data.update({name: _number(values[name]) for name in NUMBER_FIELDS if values[name].strip()})
    data["media"] = list(draft.media)
    if values.get("curve_points", "").strip():
        data["curve_points"] = [_point(line) for line in values["curve_points"].splitlines() if line.strip()]
    data["providers"] = {name: values[name] for name in PROVIDER_FIELDS if values[name].strip()}
    return data


def of_brief(brief: Brief) -> Draft:
    """The draft that would make this brief again: what "duplicate" starts from."""
    values = {
        name: str(getattr(brief, name) or "")
        for name in ("topic", "source_text", *TEXT_FIELDS, *NUMBER_FIELDS)
    }
    values |= {name: getattr(brief.providers, name) for name in PROVIDER_FIELDS}
    values["facts"] = "\n".join(" ".join(fact.split()) for fact in brief.facts)
    values["channel"] = "" if brief.channel == "default" else brief.channel
    values["curve_points"] = "\n".join(f"{share * 100:g} {emotion}" for share, emotion in brief.curve_points)
    return Draft(values={**dict.fromkeys(FIELDS, ""), **values}, media=brief.media)


def _point(line: str) -> list[float | str]:
    """A line such as "25 awe" as a point at a quarter of the length; any other line is refused by name."""
    percent, _, emotion = line.strip().partition(" ")
    try:
        share = float(percent.rstrip("%")) / 100
    except ValueError:
        return [line.strip()]
    return [round(share, 4), emotion.strip()]


def _number(text: str) -> int | str:
    digits = text.strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= DIGITS else text


EXAMPLES: dict[str, tuple[str, dict[str, str]]] = {
    "octopus": (
        "A science fact",
        {
            "topic": "Why an octopus has three hearts",
            "facts": "An octopus has three hearts.\n"
            "Two hearts pump blood through the gills.\n"
            "The third heart sends blood to the rest of the body.\n"
            "The third heart stops beating when the octopus swims.\n"
            "That is why an octopus would rather crawl than swim.\n"
            "Its blood is blue because it carries oxygen with copper.",
            "audience": "genz_us",
        },
    ),
    "money": (
        "A money tip",
        {
            "topic": "What one coffee a day really costs",
            "facts": "A coffee for 4 dollars every day costs 1,460 dollars a year.\n"
            "Invested at 7 percent, that becomes about 20,000 dollars after ten years.\n"
            "Half of all small subscriptions are forgotten after three months.\n"
            "Waiting one day before buying cancels most impulse purchases.",
        },
    ),
    "history": (
        "A piece of history",
        {
            "topic": "The war that lasted 38 minutes",
            "facts": "The shortest war in history was fought in 1896.\n"
            "Britain and Zanzibar fought for about 38 minutes.\n"
            "The palace was defended by about 2,800 people.\n"
            "The sultan fled to the German consulate before the shelling ended.\n"
            "Only one British sailor was injured.",
        },
    ),
}


def example(name: str) -> Draft:
    """A draft to start from; an empty one where there is no such example."""
    values = EXAMPLES[name][1] if name in EXAMPLES else {}
    return Draft(values={field: values.get(field, "") for field in FIELDS})

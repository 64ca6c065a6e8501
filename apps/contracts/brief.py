"""What a person asks for, and what can be wrong with it."""

from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Providers:
    """Provider names that this job asks for; empty means the installation's own setting.

    Several, with commas between, are asked in that order: the next one where one cannot deliver.
    """

    writer: str = ""
    pictures: str = ""
    voice: str = ""
    music: str = ""


@dataclass(frozen=True, kw_only=True)
class Brief:
    """One request for one short. `duration` is in whole seconds; None lets strategy choose.

    Empty `persona`, `curve` (a curve's name), `hook_type`, `caption_style`, `cut_rate_band` and
    `loop_technique` let memory and strategy choose.
    `language` is a BCP 47 primary tag ("en", "hi"). `seed` makes every random choice repeatable.
    """

    topic: str
    facts: tuple[str, ...] = ()
    source_text: str = ""
    platform: str = "youtube_shorts"
    audience: str = "genz_us"
    persona: str = ""
    curve: str = ""
    hook_type: str = ""
    caption_style: str = ""
    cut_rate_band: str = ""
    loop_technique: str = ""
    language: str = "en"
    duration: int | None = None
    channel: str = "default"
    seed: int = 0
    media: tuple[str, ...] = ()  # storage keys of the user's own images and clips for this short
    providers: Providers = field(default_factory=Providers)
    #: A curve of the brief's own, before any named one: (share of the length 0-1, emotion), in order.
    curve_points: tuple[tuple[float, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class BriefProblem:
    """One field of a brief that cannot be used: why, and what to do about it."""

    field: str
    code: str
    reason: str
    remedy: str


class UnableToUseBrief(Exception):
    """The brief cannot be made into a short; `problems` names every wrong field."""

    def __init__(self, problems: tuple[BriefProblem, ...]) -> None:
        self.problems = problems
        super().__init__("; ".join(f"{p.field}: {p.reason}" for p in problems))

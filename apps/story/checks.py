"""What can be wrong with the words of a brief. It reads and tells; it never mends."""

import unicodedata
from collections.abc import Iterator

from apps.contracts.brief import Brief, BriefProblem
from apps.contracts.story import SceneEdit
from apps.story.providers.chat import Model
from apps.story.wording import clean, words

WRITERS = ("facts", "llm")
#: Characters of a topic; a longer one fits no title and no hook.
LONGEST_TOPIC = 120
#: Characters of one fact, and facts of one brief; a short tells about ten.
LONGEST_FACT = 400
MOST_FACTS = 40
#: Characters of source text; about twenty pages, read whole by the writer.
LONGEST_SOURCE = 20_000
#: Words that a brief must hold beside its topic, so that there is something to tell.
FEWEST_WORDS = 4
#: Characters of what a person lets a scene say or show.
LONGEST_EDIT = 300
#: Lines may be broken and tabbed where text is long.
_LAYOUT = "\n\r\t"


def problems_with(
    brief: Brief, *, writers: tuple[str, ...], writer_field: str, model: Model
) -> tuple[BriefProblem, ...]:
    """Every wrong field, in the order of the form; each of `writers` must be able to write it."""
    return (
        *_topic(brief),
        *_facts(brief),
        *_source(brief),
        *_controls(brief),
        *_material(brief, writers),
        *(problem for writer in writers for problem in _writer(writer, writer_field, model)),
    )


def problems_with_edit(edit: SceneEdit) -> tuple[BriefProblem, ...]:
    """Every wrong field of a person's change to a scene."""
    return tuple(_edited(edit))


def _edited(edit: SceneEdit) -> Iterator[BriefProblem]:
    if not (edit.narration.strip() or edit.visual.strip()):
        yield _problem(
            "narration", "empty", "Nothing is changed.", "Write other words, or say what is to be seen."
        )
    if edit.narration.strip() and not words(clean(edit.narration)):
        yield _problem("narration", "empty", "The line has no words.", "Write what is to be said.")
    for field, text in (("narration", edit.narration), ("visual", edit.visual)):
        if len(text) > LONGEST_EDIT:
            reason = f"The text has {len(text)} characters; {LONGEST_EDIT} are allowed."
            yield _problem(field, "too_long", reason, "Shorten it; a scene lasts a few seconds.")
        yield from _uncontrolled(field, text, _LAYOUT)


def _problem(field: str, code: str, reason: str, remedy: str) -> BriefProblem:
    return BriefProblem(field=field, code=code, reason=reason, remedy=remedy)


def _topic(brief: Brief) -> Iterator[BriefProblem]:
    if not words(clean(brief.topic)):
        yield _problem(
            "topic", "empty", "The topic has no words.", "Say in a few words what the video is about."
        )
    elif len(brief.topic) > LONGEST_TOPIC:
        reason = f"The topic has {len(brief.topic)} characters; {LONGEST_TOPIC} are allowed."
        yield _problem("topic", "too_long", reason, "Shorten it, and move the rest into facts.")


def _facts(brief: Brief) -> Iterator[BriefProblem]:
    if len(brief.facts) > MOST_FACTS:
        reason = f"There are {len(brief.facts)} facts; {MOST_FACTS} are allowed."
        yield _problem("facts", "too_many", reason, "Keep the most surprising ones, or make several videos.")
    for n, fact in enumerate(brief.facts):
        if len(fact) > LONGEST_FACT:
            reason = f"Fact {n + 1} has {len(fact)} characters; {LONGEST_FACT} are allowed."
            yield _problem(
                f"facts.{n}", "too_long", reason, "Split it into several facts, or use source_text."
            )


def _source(brief: Brief) -> Iterator[BriefProblem]:
    if len(brief.source_text) > LONGEST_SOURCE:
        reason = f"The source text has {len(brief.source_text)} characters; {LONGEST_SOURCE} are allowed."
        yield _problem("source_text", "too_long", reason, "Paste only the part that the video is about.")


def _controls(brief: Brief) -> Iterator[BriefProblem]:
    fields = [("topic", brief.topic, ""), ("source_text", brief.source_text, _LAYOUT)]
    fields += [(f"facts.{n}", fact, _LAYOUT) for n, fact in enumerate(brief.facts)]
    for field, text, allowed in fields:
        yield from _uncontrolled(field, text, allowed)


def _uncontrolled(field: str, text: str, allowed: str) -> Iterator[BriefProblem]:
    if any(unicodedata.category(ch) in {"Cc", "Cs"} and ch not in allowed for ch in text):
        reason = "The text holds control characters, which can be neither shown nor spoken."
        yield _problem(field, "control_characters", reason, "Paste it as plain text.")


def _material(brief: Brief, writers: tuple[str, ...]) -> Iterator[BriefProblem]:
    if "facts" not in writers:
        return
    said = sum(len(words(clean(text))) for text in (*brief.facts, brief.source_text))
    remedy = "Add at least two facts, or a source text; or configure a language model (WRITER=llm)."
    if not said:
        yield _problem("facts", "missing", "There are neither facts nor a source text to tell from.", remedy)
    elif said < FEWEST_WORDS:
        yield _problem("facts", "too_few_words", f"There are only {said} words to tell from.", remedy)


def _writer(writer: str, field: str, model: Model) -> Iterator[BriefProblem]:
    if writer not in WRITERS:
        reason = "There is no such writer."
        yield _problem(field, "unknown", reason, f"Choose one of {', '.join(WRITERS)}.")
    elif writer == "llm" and (missing := _missing(model)):
        reason = "The language model writer is not configured on this installation."
        yield _problem(field, "unconfigured", reason, f"{missing}, or use the writer facts.")
    elif writer == "llm" and model.base_url and not model.base_url.startswith(("http://", "https://")):
        reason = "The address of the language model is no http address."
        yield _problem(field, "unconfigured", reason, "Set LLM_BASE_URL like http://127.0.0.1:11434/v1.")


def _missing(model: Model) -> str:
    """What is to be set before the model can be called; empty where nothing is."""
    where = "" if model.base_url or model.key else "LLM_BASE_URL, LLM_API_KEY or both"
    names = [name for name in ("" if model.name else "LLM_MODEL", where) if name]
    return f"Set {' and '.join(names)}" if names else ""

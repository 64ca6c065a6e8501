"""The script service's door: a story in, the words to speak out. It knows no voice and no picture."""

from collections.abc import Iterator
from uuid import UUID

from apps.contracts.brief import Brief, BriefProblem
from apps.contracts.codec import to_json
from apps.contracts.decision import Persona
from apps.contracts.identity import row_id
from apps.contracts.story import Line, Scene, Script, Story
from apps.script.language import NAMES, Language, codes
from apps.script.language import language as read_language
from apps.script.limits import within_limits
from apps.script.models import ScriptRow
from apps.script.spell import spell, visible
from apps.script.writing import foreign_systems


def languages() -> frozenset[str]:
    """BCP 47 primary tags of what can be written out and spoken."""
    return codes()


def problems_with(brief: Brief) -> tuple[BriefProblem, ...]:
    """What keeps this brief from being spoken: its language, or letters that do not belong to it."""
    if brief.language not in codes():
        return (_unsupported(),)
    return tuple(_foreign(brief))


def compose(*, job_id: UUID, attempt: int, story: Story, persona: Persona, language: str) -> Script:
    """The spoken text of a story, one line for each scene, kept as one row an attempt.

    Sentences keep the persona's limit; figures, signs and abbreviations are written out in `spoken` and
    stay as they are in `display`. Raises UnableToSpell for a language outside `languages()`.
    """
    catalogue = read_language(language)
    lines = tuple(_line(scene, persona, catalogue) for scene in story.scenes)
    script = Script(id=row_id(job_id, attempt, "script"), story_id=story.id, language=language, lines=lines)
    _keep(job_id, attempt, script)
    return script


def _line(scene: Scene, persona: Persona, catalogue: Language) -> Line:
    text = within_limits(visible(scene.narration), persona.sentence_length, catalogue)
    return Line(ordinal=scene.ordinal, words=spell(text, catalogue))


def _keep(job_id: UUID, attempt: int, script: Script) -> None:
    ScriptRow.objects.update_or_create(
        id=script.id,
        defaults={
            "story_id": script.story_id,
            "job_id": job_id,
            "attempt": attempt,
            "language": script.language,
            "full_script": "\n".join(" ".join(w.display for w in line.words) for line in script.lines),
            "lines": to_json(script.lines),
        },
    )


def _unsupported() -> BriefProblem:
    known = ", ".join(f"{code} ({NAMES[code]})" for code in sorted(codes()))
    return BriefProblem(
        field="language",
        code="unsupported",
        reason="This language can be neither written out nor spoken well here.",
        remedy=f"Choose one of {known}.",
    )


def _foreign(brief: Brief) -> Iterator[BriefProblem]:
    fields = [("topic", brief.topic), ("source_text", brief.source_text)]
    fields += [(f"facts.{n}", fact) for n, fact in enumerate(brief.facts)]
    for field, text in fields:
        if systems := foreign_systems(text, brief.language):
            name = NAMES[brief.language]
            yield BriefProblem(
                field=field,
                code="wrong_script",
                reason=f"The text holds {' and '.join(systems)} letters, which do not fit {name}.",
                remedy=f"Write it in the letters of {name}, or choose the language it is written in.",
            )

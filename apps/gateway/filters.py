"""How a job is found, and the columns that a list shows beside the record. Reads no row itself."""

from collections.abc import Mapping

from django.db.models import Q

from apps.contracts.progress import JobSnapshot

#: Filters that a column answers as it is.
EXACT = ("status", "platform", "channel", "persona", "batch")
#: Characters of a search; what is longer is no search but a text.
SEARCH_LIMIT = 100


def matching(filters: Mapping[str, str]) -> Q:
    """The jobs that all filters let through: status, platform, channel, persona and batch (an id) as they
    are named, `min_score` and `max_score` 0-100. Empty ones let all through; `q` is searching's."""
    asked = {name: value for name, value in filters.items() if value not in ("", None)}
    found = Q(**{name: asked[name] for name in EXACT if name in asked})
    if "min_score" in asked:
        found &= Q(score__gte=float(asked["min_score"]))
    if "max_score" in asked:
        found &= Q(score__lte=float(asked["max_score"]))
    return found


def shown_by(snapshot: JobSnapshot) -> dict[str, object]:
    """The columns that follow from what the orchestrator has of a job; nothing that is not known yet."""
    columns: dict[str, object] = {}
    if snapshot.plan is not None:
        columns["persona"] = snapshot.plan.persona.id
    if snapshot.take is not None:
        totals = {judged.attempt: judged.scores.total for judged in snapshot.judgements}
        columns["score"] = totals.get(snapshot.take.attempt)
        columns |= {"poster_key": snapshot.take.poster_key, "video_key": snapshot.take.key}
    return columns

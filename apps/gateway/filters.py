"""How a job is found, and the columns that a list shows beside the record. Reads no row itself."""

from collections.abc import Mapping
from uuid import UUID

from django.contrib.postgres.search import SearchQuery
from django.db.models import Q

from apps.contracts.progress import JobSnapshot

#: Filters that a column answers as it is.
EXACT = ("status", "platform", "channel", "persona", "batch")
#: Characters of a search; what is longer is no search but a text.
SEARCH_LIMIT = 100
#: Words of a search that count; each costs a look into the index.
WORDS_LIMIT = 8
#: Hexadecimal digits from which on a search is taken for the beginning of a job's id.
ID_DIGITS = 8


def matching(filters: Mapping[str, str]) -> Q:
    """The jobs that all filters let through: status, platform, channel, persona and batch (an id) as they
    are named, `min_score` and `max_score` 0-100, and `q`: every word begins a word of the topic, or `q`
    begins a job's id. Empty ones let all through."""
    asked = {name: value for name, value in filters.items() if value not in ("", None)}
    found = Q(**{name: asked[name] for name in EXACT if name in asked})
    if "min_score" in asked:
        found &= Q(score__gte=float(asked["min_score"]))
    if "max_score" in asked:
        found &= Q(score__lte=float(asked["max_score"]))
    if "q" in asked:
        found &= searched(asked["q"])
    return found


def searched(text: str) -> Q:
    """The jobs that a search finds."""
    words = text[:SEARCH_LIMIT].split()[:WORDS_LIMIT]
    # Postgres itself takes each quoted piece apart, by the rules that made the index.
    query = " & ".join(f"'{_escaped(word)}':*" for word in words)
    named = Q(words=SearchQuery(query, config="simple", search_type="raw")) if words else Q()
    return named | _identified(text.strip().lower().replace("-", ""))


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("'", "''").replace("\x00", "")


def _identified(digits: str) -> Q:
    if not ID_DIGITS <= len(digits) <= 32 or not set(digits) <= set("0123456789abcdef"):
        return Q()
    return Q(id__gte=UUID(digits.ljust(32, "0")), id__lte=UUID(digits.ljust(32, "f")))


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

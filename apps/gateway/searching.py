"""Jobs that a search finds, newest first, as quickly for a word of every job as for one of none.

Postgres cannot guess how common the beginning of a word is, and asks the words' index for every job that has
it, only to show the newest few. So the newest jobs are looked through first, one after the other; the index
is asked where they hold too few.
"""

from functools import reduce
from operator import and_
from typing import Any
from uuid import UUID

from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.db.models import F, Func, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Concat

from apps.gateway.filters import SEARCH_LIMIT
from apps.gateway.models import Job

#: Words of a search that count; each costs a look into the index.
WORDS_LIMIT = 8
#: Hexadecimal digits from which on a search is taken for the beginning of a job's id.
ID_DIGITS = 8
#: Newest jobs that are looked through at first: 3 ms, and a word of every fortieth job fills a page.
NEAR = 1_000
#: Hits up to which the words' index answers; putting more in order takes longer than looking through FAR.
FEW_HITS = 2_000
#: Newest jobs that are looked through for a word that is common, but not among the newest: 20 ms.
FAR = 20_000


def searched(text: str, words: Any = None) -> Q:
    """The jobs that a search finds: each of its words begins a word of the topic, the channel or the persona
    (stands anywhere in them, in scripts without spaces), or all of it begins the job's id."""
    asked = text[:SEARCH_LIMIT].replace("\x00", "").split()[:WORDS_LIMIT]
    query = reduce(and_, map(_beginning, asked)) if asked else None
    named = Q(words=query) if words is None else Q(**{words: query})
    return (named if query else Q()) | _identified(text.strip().lower().replace("-", ""))


def newest(rows: QuerySet[Job], text: str, count: int) -> list[Job]:
    """The first `count` of `rows`, which are in order, newest first, that a search finds."""
    found = _near(rows, text, count, NEAR)
    if found is not None:
        return found
    hits = Job.objects.filter(searched(text)).order_by().values_list("id", flat=True)
    if len(few := list(hits[: FEW_HITS + 1])) <= FEW_HITS:
        return list(rows.filter(id__in=few)[:count])
    found = _near(rows, text, count, FAR)
    return list(_walked(rows, text)[:count]) if found is None else found


def _near(rows: QuerySet[Job], text: str, count: int, window: int) -> list[Job] | None:
    """What a search finds in the newest `window` rows; None where that is not all that is wanted."""
    edge = list(rows.values_list("created_at", flat=True)[window : window + 1])
    found = list(_walked(rows.filter(created_at__gte=edge[0]) if edge else rows, text)[:count])
    return found if len(found) == count or not edge else None


def _walked(rows: QuerySet[Job], text: str) -> QuerySet[Job]:
    """The rows that a search finds, each looked at: no index holds the expression that is compared."""
    unindexed = Coalesce(F("words"), Value(""), output_field=SearchVectorField())
    return rows.alias(walked=unindexed).filter(searched(text, "walked"))


def _beginning(word: str) -> SearchQuery:
    """Words that begin with `word`; where folding takes it apart, its parts side by side."""
    # What is folded holds letters and digits alone, so it cannot end the quotation.
    folded = Func(Value(word), function="search_text")
    return SearchQuery(Concat(Value("'"), folded, Value("':*")), config="simple", search_type="raw")


def _identified(digits: str) -> Q:
    if not ID_DIGITS <= len(digits) <= 32 or not set(digits) <= set("0123456789abcdef"):
        return Q()
    return Q(id__gte=UUID(digits.ljust(32, "0")), id__lte=UUID(digits.ljust(32, "f")))

"""Ids that make a repeated write the same write."""

from uuid import UUID, uuid5


def row_id(job_id: UUID, attempt: int, kind: str, n: int = 0) -> UUID:
    """The id of the n-th row of a kind that one attempt of one job makes.

    A transaction never spans services, so a stage that is run twice must write the same
    rows: the id follows from what the row is, not from when it was written.
    """
    return uuid5(job_id, f"{attempt}/{kind}/{n}")

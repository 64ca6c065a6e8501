"""A provider that an operator has put to rest."""

from dataclasses import dataclass
from datetime import datetime

#: The kinds of provider, as a brief's `providers` names them.
PROVIDER_KINDS = ("writer", "pictures", "voice", "music")


@dataclass(frozen=True, kw_only=True)
class Pause:
    """The provider `name` of `kind` is not asked by any stage, since `at`, until somebody resumes it."""

    kind: str
    name: str
    paused_by: str
    reason: str
    at: datetime

"""Which column of a platform's export holds what. Data only; docs/performance.md lists the same.

Headers are compared without regard to case and to spaces. They are the English ones that YouTube Studio
("Table data.csv"), Meta Business Suite and TikTok Studio write, and those of the platforms' APIs.
"""

from dataclasses import dataclass
from enum import StrEnum


class Meaning(StrEnum):
    """What a column says of a video."""

    JOB = "job_id"  # this platform's own id of the job
    ID = "external_id"  # the platform's id of the published video
    LINK = "url"  # its address
    TITLE = "title"
    DAY = "day"  # the last day that the numbers cover
    LENGTH = "length"  # seconds the video lasts
    VIEWS = "views"
    ENGAGED = "engaged_views"
    WATCH = "average_watch_seconds"
    WATCH_SHARE = "average_watch_share"  # of the length; beyond 1 where people watch again
    WATCH_TOTAL = "total_watch_seconds"  # over all views
    COMPLETION = "completion"
    REPLAYS = "replays"
    SHARES = "shares"
    REACH = "reach"
    SKIPPED = "skip_rate"
    STAYED = "stayed"  # 1 - skip rate


class Unit(StrEnum):
    """How a column's cells are to be read."""

    TEXT = "text"
    DATE = "date"
    COUNT = "count"
    SECONDS = "seconds"  # or h:mm:ss, 12.5s, 1m 5s
    MILLISECONDS = "milliseconds"
    HOURS = "hours"
    PERCENT = "percent"
    SHARE = "share"  # 0-1, or per cent where the sign or a value beyond 1 says so


@dataclass(frozen=True)
class Column:
    """What a header stands for."""

    meaning: Meaning
    unit: Unit


_TEXT = {
    Meaning.JOB: ("job_id", "job id", "job", "hookloop job"),
    Meaning.ID: (
        "external_id",
        "external id",
        "content",  # YouTube Studio
        "video id",
        "video_id",
        "post id",  # Meta Business Suite
        "media id",
        "item id",
    ),
    Meaning.LINK: ("url", "link", "permalink", "video link", "video url", "post url"),
    Meaning.TITLE: ("title", "video title", "description", "caption"),
}
_COUNTS = {
    Meaning.VIEWS: ("views", "total views", "video views", "plays", "view count", "viewcount"),
    Meaning.ENGAGED: ("engaged views", "engaged_views", "engagedviews"),
    Meaning.REPLAYS: ("replays", "total replays"),
    Meaning.SHARES: ("shares", "total shares", "sends", "reposts and shares"),
    Meaning.REACH: ("reach", "accounts reached", "reached audience", "unique viewers", "total viewers"),
}
_PERCENTAGES = {
    Meaning.WATCH_SHARE: ("average percentage viewed (%)", "averageviewpercentage"),
    Meaning.STAYED: ("stayed to watch (%)", "viewed (vs. swiped away) (%)", "viewed vs. swiped away (%)"),
    Meaning.SKIPPED: ("skip rate (%)", "swiped away (%)", "reels_skip_rate"),
    Meaning.COMPLETION: (
        "watched full video (%)",
        "full video watched (%)",
        "completion rate (%)",
        "full_video_watched_rate (%)",
    ),
}
_SHARES = {
    Meaning.WATCH_SHARE: ("average percentage viewed", "average watch share"),
    Meaning.STAYED: ("stayed to watch", "viewed (vs. swiped away)", "viewed vs. swiped away"),
    Meaning.SKIPPED: ("skip_rate", "skip rate", "swiped away"),
    Meaning.COMPLETION: (
        "completion",
        "completion rate",
        "watched full video",
        "full video watched",
        "full video watched rate",
        "full_video_watched_rate",
    ),
}
_SECONDS = {
    Meaning.LENGTH: ("duration", "duration (sec)", "duration (seconds)", "video duration", "length"),
    Meaning.WATCH: (
        "average_watch_seconds",
        "average view duration",
        "averageviewduration",
        "average watch time",
        "avg. watch time",
        "average_time_watched",
        "average seconds viewed",
    ),
    Meaning.WATCH_TOTAL: ("total play time", "total watch time", "total_time_watched", "seconds viewed"),
}


def _table() -> dict[str, Column]:
    groups = (
        (_TEXT, Unit.TEXT),
        (_COUNTS, Unit.COUNT),
        (_PERCENTAGES, Unit.PERCENT),
        (_SHARES, Unit.SHARE),
        (_SECONDS, Unit.SECONDS),
        ({Meaning.DAY: ("day", "date", "as of")}, Unit.DATE),
        ({Meaning.WATCH_TOTAL: ("watch time (hours)",)}, Unit.HOURS),
        ({Meaning.WATCH: ("ig_reels_avg_watch_time",)}, Unit.MILLISECONDS),
        ({Meaning.WATCH_TOTAL: ("ig_reels_video_view_total_time",)}, Unit.MILLISECONDS),
    )
    return {
        header: Column(meaning, unit)
        for names, unit in groups
        for meaning, headers in names.items()
        for header in headers
    }


#: What each header that is known stands for, by the header in lower case.
COLUMNS = _table()

#: Headers that give a platform's own export away; the first whose headers are all there names the source.
MARKS = (
    ("youtube_studio", ("content", "video title")),
    ("youtube_studio", ("content", "video publish time")),
    ("instagram", ("post id", "permalink")),
    ("instagram", ("post id", "post type")),
    ("tiktok", ("video link", "post time")),
    ("tiktok", ("video link", "total views")),
)
#: Where numbers may come from, and the platform whose ids such a file holds ("" where it may be any).
SOURCES = {
    "youtube_studio": "youtube_shorts",
    "instagram": "instagram_reels",
    "tiktok": "tiktok",
    "csv": "",
}

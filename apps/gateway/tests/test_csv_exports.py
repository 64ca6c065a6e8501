"""Exports of the three platforms, spreadsheets' habits, and files that are no export at all."""

from datetime import date
from pathlib import Path

import pytest

from apps.contracts.performance import Performance
from apps.gateway.csv_columns import COLUMNS, SOURCES, Unit
from apps.gateway.csv_exports import UnableToReadExport, read_export
from apps.gateway.csv_values import UnableToReadCell, day, number
from apps.gateway.tests.exports import INSTAGRAM, TIKTOK, YOUTUBE, YOUTUBE_BY_DAY
from apps.gateway.video_links import video_ids

TODAY = date(2026, 11, 22)
DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "performance.md"


def read(text, **more):
    return read_export(text.encode() if isinstance(text, str) else text, today=TODAY, **more)


def numbers(text, **more):
    return [row.performance for row in read(text, **more).rows]


class TestPlatforms:
    def test_youtube_studio_is_read_without_its_totals(self):
        export = read(YOUTUBE, filename="Content 2026-08-01_2026-10-31 Sea life.csv")

        octopus, bees = export.rows
        assert (export.source, export.totals) == ("youtube_studio", 1)
        assert octopus.ids == ("abcDEF12345",)
        assert octopus.performance == Performance(
            day=date(2026, 10, 31),
            views=1234,
            engaged_views=1001,
            average_watch_seconds=23.0,
            shares=12,
            skip_rate=0.379,
            source="youtube_studio",
        )
        assert bees.performance.average_watch_seconds == 25.0  # longer than the video: it loops
        assert bees.performance.shares is None
        assert "Impressions" in export.ignored

    def test_youtube_counts_days_by_themselves_and_memory_wants_totals(self):
        second, first, bees = numbers(YOUTUBE_BY_DAY)

        assert (first.day, first.views, first.average_watch_seconds) == (date(2026, 10, 1), 30, 20.0)
        assert (second.day, second.views, second.average_watch_seconds) == (date(2026, 10, 2), 40, 17.5)
        assert bees.views == 7

    def test_instagram_is_found_by_its_number_and_by_its_short_code(self):
        (row,) = read(INSTAGRAM.encode("utf-16")).rows

        assert row.ids == ("17890", "DAbc123")
        assert row.performance.day == TODAY  # "Lifetime" is no day
        assert (row.performance.views, row.performance.reach, row.performance.shares) == (15000, 9800, 120)

    def test_tiktok_with_semicolons_decimal_commas_and_shortened_counts(self):
        chair, table = read(TIKTOK).rows

        assert chair.ids == ("7400000000000000001",)
        assert (chair.performance.views, chair.performance.shares) == (1200, 15)
        assert (chair.performance.average_watch_seconds, chair.performance.completion) == (12.5, 0.315)
        assert (table.performance.views, table.performance.completion) == (18400, 0.38)

    @pytest.mark.parametrize(
        ("url", "name"),
        [
            ("https://www.youtube.com/shorts/dQw4w9WgXcQ?feature=share", "dQw4w9WgXcQ"),
            ("https://youtube.com/watch?v=dQw4w9WgXcQ&t=1", "dQw4w9WgXcQ"),
            ("youtu.be/dQw4w9WgXcQ", "dQw4w9WgXcQ"),
            ("https://www.instagram.com/sea.life/reel/DAbc_1-3/", "DAbc_1-3"),
            ("https://m.tiktok.com/@a.b/video/7400000000000000001", "7400000000000000001"),
            ("https://evil.example/youtube.com/shorts/dQw4w9WgXcQ", ""),
            ("https://notyoutube.com/shorts/dQw4w9WgXcQ", ""),
            ("javascript:alert(1)", ""),
            ("http://[", ""),
        ],
    )
    def test_an_address_gives_the_id_of_its_own_platform_alone(self, url, name):
        assert video_ids("", url) == ((name,) if name else ())


class TestCells:
    @pytest.mark.parametrize(
        ("cell", "unit", "value"),
        [
            ("1,234", Unit.COUNT, 1234),
            ("1.234", Unit.COUNT, 1234),
            ("1 234 567", Unit.COUNT, 1234567),
            ("1\u202f234", Unit.COUNT, 1234),
            ("12'345", Unit.COUNT, 12345),
            ("1.2K", Unit.COUNT, 1200),
            ("3.45M", Unit.COUNT, 3450000),
            ("123.0", Unit.COUNT, 123),
            ("62.5", Unit.PERCENT, 0.625),
            ("62.5 %", Unit.SHARE, 0.625),
            ("0.625", Unit.SHARE, 0.625),
            ("120,5%", Unit.PERCENT, 1.205),
            ("0:00:23", Unit.SECONDS, 23),
            ("1:02:03.5", Unit.SECONDS, 3723.5),
            ("0:23", Unit.SECONDS, 23),
            ("12.5s", Unit.SECONDS, 12.5),
            ("1m 5s", Unit.SECONDS, 65),
            ("1 min 5 sec", Unit.SECONDS, 65),
            ("1h:2m:3s", Unit.SECONDS, 3723),
            ("7.9", Unit.HOURS, 28440),
            ("12500", Unit.MILLISECONDS, 12.5),
        ],
    )
    def test_a_number_is_read_as_it_is_written(self, cell, unit, value):
        assert number(cell, unit) == pytest.approx(value)

    def test_a_comma_is_a_decimal_one_only_where_the_file_says_so(self):
        assert number("1,250", Unit.SECONDS) == 1250
        assert number("1,250", Unit.SECONDS, decimal_comma=True) == 1.25

    @pytest.mark.parametrize(
        "cell", ["abc", "=1+1", "@SUM(A1)", "+cmd|x", "1,23,4", "1..2", "0:75:00", "9" * 50, "12.5", "٣٤x"]
    )
    def test_what_is_no_count_is_refused(self, cell):
        with pytest.raises(UnableToReadCell):
            number(cell, Unit.COUNT)

    @pytest.mark.parametrize(
        ("cell", "wanted"),
        [
            ("2026-07-01", date(2026, 7, 1)),
            ("2026-07-01 09:10", date(2026, 7, 1)),
            ("07/01/2026", date(2026, 7, 1)),
            ("31/07/2026", date(2026, 7, 31)),
            ("01.07.2026", date(2026, 7, 1)),
            ("Sep 14, 2026", date(2026, 9, 14)),
            ("14 September 2026", date(2026, 9, 14)),
            ("Lifetime", None),
        ],
    )
    def test_a_day_is_read_as_platforms_write_it(self, cell, wanted):
        assert day(cell) == wanted

    @pytest.mark.parametrize("cell", ["2026-02-30", "13/13/2026", "yesterday", "20260230", "=TODAY()"])
    def test_what_is_no_day_is_refused(self, cell):
        with pytest.raises(UnableToReadCell):
            day(cell)


class TestRows:
    def test_each_wrong_row_says_why_and_the_others_stand(self):
        text = (
            "job_id,views,completion,average_watch_seconds,day\n"
            "a,10,0.5,12,2026-11-01\n"
            "b,-3,0.5,12,2026-11-01\n"
            "c,10,1.5%,99999999,2026-11-01\n"
            "d,=1+1,0.5,12,2026-11-01\n"
            "e,10,0.5,12,2031-01-01\n"
            "f,,0.5,12,2026-11-01\n"
            "\n"
            "g,10,NaN,-,2026-11-01\n"
        )
        rows = {row.job_id: [field for field, _ in row.problems] for row in read(text).rows}

        assert rows == {
            "a": [],
            "b": ["views"],
            "c": ["average_watch_seconds"],
            "d": ["views"],
            "e": ["day"],
            "f": ["views"],
            "g": [],
        }

    def test_bare_shares_mean_per_cent_as_soon_as_one_is_beyond_one(self):
        per_cent = "job_id,views,completion\na,1,0.5\nb,1,62\n"
        shares = "job_id,views,completion\na,1,0.5\nb,1,0.62\n"

        assert [one.completion for one in numbers(per_cent)] == [0.005, 0.62]
        assert [one.completion for one in numbers(shares)] == [0.5, 0.62]

    def test_an_average_is_worked_out_where_only_its_parts_are_told(self):
        share = "Content,Views,Duration,Average percentage viewed (%)\na1b2c,10,20,110\n"
        total = "Content,Views,Watch time (hours)\na1b2c,10,0.1\n"

        assert numbers(share)[0].average_watch_seconds == 22.0
        assert numbers(total)[0].average_watch_seconds == 36.0

    def test_a_title_line_and_a_separator_line_above_the_header_are_passed_over(self):
        export = read("sep=;\nMy report\n\nVideo link;Post time;Total views\nhttps://youtu.be/abcdefg;x;5\n")

        assert [row.performance.views for row in export.rows] == [5]

    def test_the_source_that_is_named_holds(self):
        assert (
            read("url,views\nhttps://youtu.be/abcdefg,5\n", source="tiktok").rows[0].performance.source
            == "tiktok"
        )

    def test_fifty_thousand_rows_are_read_in_seconds(self):
        header = YOUTUBE.splitlines()[0]
        line = 'v{:07d},"A title","Sep 14, 2026",31,"1,001","1,234",62.1,0:00:23,74.2,7.9,12,1,4000,4.2'
        text = "\n".join([header, *(line.format(n) for n in range(50_000))])

        assert len(read(text).rows) == 50_000


class TestNoExport:
    @pytest.mark.parametrize(
        ("data", "words"),
        [
            (b"", "empty"),
            (b" \n\n", "empty"),
            (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, "no text"),
            (b"PK\x03\x04 an xlsx", "ZIP archive or an Excel"),
            (b"a,b\n1,2\n", "No column of this file is known"),
            (b"Date,Views\n2026-01-01,3\n", "which video"),
            (b"Content,Video title\nabc,def\n", "how many views"),
            (b"Content,Views\nabc\x00,3\n", "no text"),
            (b"Content,Views\n" + b"a" * 500_000, "far too long"),
            (b'Content,Views\n"never closed,3\n' + b"x,1\n" * 70_000, "never closed"),
            (b"Content,Views\n" + b"," * 399_000, "far too long"),
            (b"x" * 50_000_001, "larger than 50 MB"),
            (b"Content,Views\n" + b"a,1\n" * 200_001, "more than 200,000 rows"),
        ],
        ids=lambda value: value if isinstance(value, str) else "",
    )
    def test_is_refused_with_words(self, data, words):
        with pytest.raises(UnableToReadExport, match=words) as refused:
            read(data)
        assert refused.value.remedy

    def test_an_unknown_source_is_refused(self):
        with pytest.raises(UnableToReadExport, match="no source"):
            read(YOUTUBE, source="vine")

    @pytest.mark.parametrize("seed", range(40))
    def test_whatever_bytes_come_it_reads_them_or_says_why(self, seed):
        import random

        rng = random.Random(seed)
        mangled = bytearray(rng.choice([YOUTUBE, INSTAGRAM, TIKTOK]).encode(rng.choice(["utf-8", "utf-16"])))
        for _ in range(rng.choice([1, 5, 40])):
            mangled[rng.randrange(len(mangled))] = rng.randrange(256)
        try:
            export = read(bytes(mangled))
        except UnableToReadExport:
            return
        assert all(row.performance or row.problems for row in export.rows)


def test_the_documentation_names_every_column_and_source():
    text = DOCUMENT.read_text().lower()

    assert [header for header in (*COLUMNS, *SOURCES) if f"`{header}`" not in text] == []

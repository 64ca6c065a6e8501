"""Files of many briefs: read, checked row by row, made once, fed in, handed back."""

import csv
import io
import json
import zipfile
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from apps.contracts.brief import BriefProblem
from apps.contracts.progress import JobStatus
from apps.foundation import blobs
from apps.gateway import batches, jobs, sheets
from apps.gateway import interface as gateway
from apps.gateway.models import BatchRow, Job
from apps.gateway.sheets import UnableToReadSheet, read
from apps.gateway.tests.orchestrating import judgement, snapshot, take
from apps.gateway.zips import zipped

pytestmark = pytest.mark.django_db(databases=["gateway"])
CSV = b"topic,facts\nOne,It is one.\nTwo,It is two. | It is even.\n"


def submitted(content: bytes, **more) -> gateway.Batch:
    batch, _ = gateway.check_batch(content, filename="x.csv", **more)
    return gateway.submit_batch(batch.id)


class TestReading:
    def test_takes_what_spreadsheets_write(self):
        text = 'Topic;Facts;"Duration"\r\n"Why; really";"One.\nTwo.";24\r\n;;\r\nLast;Only | two;\r\n'
        for content in (text.encode(), text.encode("utf-8-sig"), text.encode("utf-16")):
            sheet = read(content, "x.csv")

            assert [(row.line, row.data["topic"]) for row in sheet.rows] == [(2, "Why; really"), (4, "Last")]
            assert sheet.rows[0].data["facts"] == ["One.", "Two."]
            assert sheet.rows[0].data["duration"] == 24
            assert sheet.rows[1].data["facts"] == ["Only", "two"]

    def test_gathers_a_fact_from_each_column_and_providers_by_name(self):
        (row,) = read(b"topic\tFact 1\tfact_2\tvoice\nA\tOne.\tTwo.\tpiper\n").rows

        assert row.data["facts"] == ["One.", "Two."]
        assert row.data["providers"] == {"voice": "piper"}

    def test_names_columns_that_it_does_not_use_and_guesses_what_was_meant(self):
        assert read(b"topic,persoan\nA,b\n").notes == (
            "The column “persoan” is not used. Did you mean persona?",
        )

    def test_reads_json_lines_and_arrays_and_says_which_line_is_none(self):
        lines = b'{"topic": "A", "reference": 7}\n\nnonsense\n{"topic": "A", "topic": "B"}\n[1]\n'
        sheet = read(lines)

        assert [(row.line, bool(row.fault)) for row in sheet.rows] == [
            (1, False),
            (3, True),
            (4, True),
            (5, True),
        ]
        assert sheet.rows[0].reference == "7"
        assert [row.line for row in read(b'[{"topic": "A"}, {"topic": "B"}]').rows] == [1, 2]

    @pytest.mark.parametrize(
        "content",
        [
            b"sep=;\ntopic;facts\nA;One, two\n",
            b"\r\n;;\r\ntopic;facts\r\nA;One, two\r\n",
            b"\xef\xbb\xbftopic\tfacts\rA\tOne, two\r",
            b'"topic","facts"\n"A","One, two",,\n',
            b'{"topic": "A",\n "facts": ["One, two"]}\n',
            b'{"briefs": [{"topic": "A", "facts": ["One, two"]}]}',
        ],
    )
    def test_takes_what_other_programs_write(self, content):
        (row,) = read(content).rows

        assert (row.data["topic"], row.data["facts"], row.fault) == ("A", ["One, two"], "")

    def test_keeps_lines_of_a_cell_only_where_there_are_lines(self):
        (row,) = read(b'topic,facts,source_text\n"An\r\noctopus","a\r\nb","One.\nTwo."\n').rows

        assert row.data == {"topic": "An octopus", "facts": ["a", "b"], "source_text": "One.\nTwo."}

    def test_finds_fault_with_the_row_and_not_with_the_file(self):
        long = "x" * 200_000
        sheet = read(f'topic,facts\nA,One\nB,One, two\nC,{long}\nD,"never closed\nE,One\n'.encode())

        assert [row.line for row in sheet.rows] == [2, 3, 4, 5]
        assert [bool(row.fault) for row in sheet.rows] == [False, True, False, True]
        assert "3 cells and the header 2" in sheet.rows[1].fault
        assert "never closed" in sheet.rows[3].fault

    def test_says_which_rows_say_the_same_and_where_json_breaks_off(self):
        sheet = read(b"reference,topic\n,A\n,B\n,A\nr,A\n,A\n")
        (broken,) = read(b'{"topic": "A"}\n{"topic": \n').rows[1:]

        assert sheet.notes == ("2 rows say the same as one before (4, 6); each makes a short of its own.",)
        assert broken.fault == "It is not JSON: Expecting value at character 10"

    def test_says_what_the_first_row_is_where_it_is_no_header(self):
        with pytest.raises(UnableToReadSheet, match="first row says “Titel”, “Fakten”"):
            read(b"Titel,Fakten\nA,b\n")

    def test_the_template_can_be_sent_as_it_is(self):
        batch, notes = gateway.check_batch(sheets.template().encode(), filename="briefs.csv")

        assert (batch.total, batch.good, notes) == (1, 1, ())

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"", "empty"),
            (b"topic\n", "no rows"),
            (b"title\nx\n", "no column topic"),
            (b"topic,topic\na,b\n", "there twice"),
            (b"\xff\xfe\xff", "not UTF-8"),
            (b"PK\x03\x04\x00\x00", "not text"),
            (b"topic\n" + b"\xe9" * 50, "not UTF-8"),
            (b"topic\n" + b"x\n" * 10_001, "more than 10,000"),
            (b"x" * 20_000_001, "larger than 20 MB"),
        ],
    )
    def test_refuses_what_is_no_table_of_briefs_with_words(self, content, words):
        with pytest.raises(UnableToReadSheet, match=words):
            read(content, "x.csv")

    def test_deep_and_huge_json_is_a_problem_of_its_line(self):
        deep = b'{"topic": ' + b"[" * 50_000 + b"}\n"

        assert all(row.fault for row in read(deep + b'{"seed": ' + b"9" * 5000 + b"}\n" + b'{"x": NaN}').rows)


class TestChecking:
    def test_names_what_is_wrong_by_row_and_field_and_makes_nothing(self, orchestrator):
        content = b"topic,duration,reference\n,long,a\nTwo,20,a\nThree,20,c\n"

        batch, _ = gateway.check_batch(content)

        rows = gateway.batch_rows(batch.id).rows
        assert [[p.field for p in row.problems] for row in rows] == [["duration"], ["reference"], []]
        assert (batch.total, batch.good, batch.submitted_at) == (3, 1, None)
        assert rows[0].sent["duration"] == "long"
        assert not orchestrator.submitted
        assert not Job.objects.exists()

    def test_shows_only_problems_or_only_good_rows_a_page_at_a_time(self):
        content = b"topic,duration\n" + b"A,x\nB,20\n" * 30
        batch, _ = gateway.check_batch(content)

        first = gateway.batch_rows(batch.id, only="problems", limit=20)
        rest = gateway.batch_rows(batch.id, only="problems", after=first.next_line, limit=20)

        assert [row.line for row in (*first.rows, *rest.rows)] == list(range(2, 62, 2))
        assert rest.next_line == 0
        assert {row.line % 2 for row in gateway.batch_rows(batch.id, only="good").rows} == {1}

    def test_keeps_hostile_text_as_text(self):
        sent = b'topic,facts,channel\n"=1+1 <b>{{x}}",a\x01b,x\n'

        batch, _ = gateway.check_batch(sent)

        (row,) = gateway.batch_rows(batch.id).rows
        assert row.sent["topic"] == "=1+1 <b>{{x}}"
        assert [p.code for p in row.problems] == ["bad_characters"]

    def test_says_what_the_services_say(self, orchestrator):
        orchestrator.problems = (BriefProblem(field="persona", code="x", reason="Nobody.", remedy="Ask."),)

        batch, _ = gateway.check_batch(CSV)

        assert batch.good == 0
        with pytest.raises(gateway.UnableToSubmitBatch):
            gateway.submit_batch(batch.id)

    def test_a_key_held_to_channels_makes_no_other(self):
        batch, _ = gateway.check_batch(b"topic,channel\nA,mine\nB,theirs\n", channels=["mine"])

        assert [bool(row.problems) for row in gateway.batch_rows(batch.id).rows] == [False, True]

    def test_is_forgotten_when_nobody_submits_it(self, monkeypatch):
        batch, _ = gateway.check_batch(CSV)
        kept = submitted(CSV)

        monkeypatch.setattr(batches, "KEEP_DRAFTS", -batches.KEEP_DRAFTS)
        batches.sweep()

        assert [found.id for found in gateway.batches().batches] == [kept.id]
        assert not BatchRow.objects.filter(batch=batch.id).exists()


class TestMaking:
    def test_makes_the_good_rows_once(self, orchestrator):
        batch, _ = gateway.check_batch(b"topic,duration\nA,20\nB,long\nC,20\n")

        first, again = gateway.submit_batch(batch.id), gateway.submit_batch(batch.id)

        assert first.counts == again.counts == {"queued": 2}
        assert sorted(brief.topic for brief in orchestrator.submitted.values()) == ["A", "C"]
        assert [job.topic for job in gateway.jobs({"batch": str(batch.id)}).jobs] == ["C", "A"]

    def test_the_same_file_under_the_same_key_is_the_same_batch(self):
        first, _ = gateway.check_batch(CSV, idempotency_key="k")

        assert gateway.check_batch(CSV, idempotency_key="k")[0].id == first.id
        assert gateway.check_batch(CSV)[0].id != first.id
        with pytest.raises(gateway.UnableToRepeatRequest):
            gateway.check_batch(CSV + b"Three,It is three.\n", idempotency_key="k")

    def test_counts_jobs_of_its_own_and_those_that_were_made_before(self, orchestrator):
        one = submitted(b"reference,topic\na,A\nb,B\nc,C\n")
        Job.objects.filter(batch=one.id, title="A").update(status="completed", progress=1.0)
        Job.objects.filter(batch=one.id, title="B").update(status="running", progress=0.5)

        two = submitted(b"reference,topic\na,A\nb,B\nd,D\n")

        assert gateway.batch(one.id).counts == {"completed": 1, "running": 1, "queued": 1}
        assert gateway.batch(two.id).counts == {"completed": 1, "running": 1, "queued": 1}
        assert [batch.progress for batch in gateway.batches().batches] == [0.5, 0.5]

    def test_a_reference_is_made_once_over_all_batches(self, orchestrator):
        one = submitted(b"reference,topic\na,A\n")
        two = submitted(b"reference,topic\na,A\nb,B\n")
        three, _ = gateway.check_batch(b"reference,topic\na,Another\n")

        assert len(orchestrator.submitted) == 2
        jobs = [gateway.batch_rows(batch.id).rows[0].job.id for batch in (one, two)]
        assert jobs[0] == jobs[1]
        assert [p.code for p in gateway.batch_rows(three.id).rows[0].problems] == ["reference_reused"]

    def test_feeds_no_more_than_the_house_can_work_on(self, orchestrator, monkeypatch):
        monkeypatch.setattr(batches, "OPEN_JOBS", 3)
        batch = submitted(b"topic\n" + b"A\n" * 5)
        assert len(orchestrator.submitted) == 3

        for job_id in list(orchestrator.submitted)[:2]:
            Job.objects.filter(id=job_id).update(status="completed")
        batches.sweep()

        assert len(orchestrator.submitted) == 5
        assert gateway.batch(batch.id).counts == {"completed": 2, "queued": 3}

    def test_what_waits_is_not_taken_for_lost(self, orchestrator, monkeypatch):
        monkeypatch.setattr(batches, "OPEN_JOBS", 1)
        monkeypatch.setattr(jobs, "HAND_OVER_AFTER", -jobs.HAND_OVER_AFTER)
        submitted(b"topic\nA\nB\nC\n")

        jobs.sweep()

        assert len(orchestrator.submitted) == 1

    def test_cancels_what_has_not_ended_and_can_go_on_later(self, orchestrator, monkeypatch):
        monkeypatch.setattr(batches, "OPEN_JOBS", 1)
        batch = submitted(b"topic\nA\nB\n")
        handed = next(iter(orchestrator.submitted))
        orchestrator.snapshots[handed] = snapshot(handed, JobStatus.CANCELLED)

        assert gateway.cancel_batch(batch.id).counts == {"cancelled": 2}
        waiting = Job.objects.get(submitted_at=None)
        gateway.retry(waiting.id)

        assert waiting.id in orchestrator.submitted
        assert gateway.batch(batch.id).counts == {"cancelled": 1, "queued": 1}


class TestHandingBack:
    @pytest.fixture
    def batch(self, orchestrator):
        batch = submitted(b"topic,duration\n=Octopus,20\nB,20\nC,long\n")
        first = min(orchestrator.submitted, key=lambda job: orchestrator.submitted[job].topic)
        done = take(blobs.put_bytes("jobs/x/take.mp4", b"video" * 1000), poster="jobs/x/poster.jpg")
        finished = snapshot(first, JobStatus.COMPLETED, take=done, judgements=(judgement(),))
        orchestrator.snapshots[first] = finished
        gateway.job(first)
        return batch

    def test_the_manifest_says_what_became_of_each_row_and_holds_no_formula(self, batch):
        rows = list(gateway.manifest_cells(gateway.batch_manifest(batch.id, "https://h/{job}")))

        header, first, second, third = rows
        by_name = dict(zip(header, first, strict=True))
        assert by_name["topic"] == "'=Octopus"
        assert by_name["status"] == "completed"
        assert by_name["video"] == f"https://h/{by_name['job_id']}"
        assert float(by_name["score"]) == 78.4
        assert dict(zip(header, second, strict=True))["status"] == "queued"
        assert "whole number" in dict(zip(header, third, strict=True))["problems"]

    def test_the_zip_holds_the_finished_videos_and_skips_what_is_gone(self, batch, orchestrator):
        Job.objects.exclude(video_key=None).update(video_key="jobs/x/take.mp4")
        archive = zipfile.ZipFile(io.BytesIO(b"".join(gateway.batch_videos(batch.id))))

        assert archive.testzip() is None
        assert [(one.filename, one.file_size) for one in archive.infolist()] == [("00002-octopus.mp4", 5000)]
        Job.objects.exclude(video_key=None).update(video_key="jobs/gone.mp4")
        assert not zipfile.ZipFile(io.BytesIO(b"".join(gateway.batch_videos(batch.id)))).infolist()

    def test_a_zip_is_never_whole_in_memory(self):
        def entries():
            for n in range(4):
                yield f"{n}.mp4", lambda: io.BytesIO(bytes(3_000_000))

        parts = list(zipped(entries()))

        assert max(map(len, parts)) <= 256 * 1024
        assert len(zipfile.ZipFile(io.BytesIO(b"".join(parts))).infolist()) == 4


class TestOverTheApi:
    def test_takes_a_file_and_a_body_and_follows_both(self, api):
        file = io.BytesIO(CSV)
        file.name = "briefs.csv"
        sent = api.post("/api/v1/batches", {"file": file, "name": "Two"}, format="multipart")
        body = {"briefs": [{"topic": "A"}, {"topic": "B", "duration": "x"}], "submit": False}
        checked = api.post("/api/v1/batches", body, format="json")

        assert (sent.status_code, checked.status_code) == (202, 201)
        assert sent.json()["counts"] == {"queued": 2}
        read = api.get(sent.json()["links"]["self"]).json()
        assert (read["name"], read["good"], read["refused"]) == ("Two", 2, 0)
        problems = api.get(checked.json()["links"]["rows"], {"only": "problems"}).json()
        assert [row["problems"][0]["field"] for row in problems["results"]] == ["duration"]
        submit = api.post(f"/api/v1/batches/{checked.json()['id']}/submit")
        assert (submit.status_code, submit.json()["counts"]) == (202, {"queued": 1})
        assert len(api.get("/api/v1/batches").json()["results"]) == 2

    def test_says_in_problem_documents_what_cannot_be(self, api):
        bad = io.BytesIO(b"\x00\x01")
        bad.name = "x.xlsx"

        answers = {
            api.post("/api/v1/batches", {"file": bad}, format="multipart").json()["type"]: 422,
            api.post("/api/v1/batches", {"briefs": []}, format="json").json()["type"]: 400,
            api.get(f"/api/v1/batches/{uuid4()}").json()["type"]: 404,
        }

        assert set(answers) == {
            "urn:hookloop:problem:unreadable-file",
            "urn:hookloop:problem:bad-body",
            "urn:hookloop:problem:not-found",
        }

    def test_gives_out_manifest_template_and_zip(self, api):
        batch = api.post("/api/v1/batches", {"briefs": [{"topic": "A"}]}, format="json").json()

        rows = list(csv.DictReader(io.StringIO(api.get(batch["links"]["manifest"]).getvalue().decode())))
        assert rows[0]["status"] == "queued"
        assert zipfile.is_zipfile(io.BytesIO(api.get(batch["links"]["videos"]).getvalue()))
        assert api.get("/api/v1/batches/template").content.startswith(b"reference,topic,")

    def test_a_key_held_to_channels_sees_its_own_batches_alone(self, api):
        held = APIClient()
        key = gateway.create_key("held", channels=["mine"]).key
        held.credentials(HTTP_AUTHORIZATION=f"Bearer {key}")
        theirs = api.post("/api/v1/batches", {"briefs": [{"topic": "A"}]}, format="json").json()

        own = held.post(
            "/api/v1/batches", {"briefs": [{"topic": "A", "channel": "mine"}]}, format="json"
        ).json()

        assert held.get(f"/api/v1/batches/{theirs['id']}").status_code == 404
        assert [one["id"] for one in held.get("/api/v1/batches").json()["results"]] == [own["id"]]


def test_rows_that_cannot_be_kept_as_json_are_shown_all_the_same():
    batch, _ = gateway.check_batch(json.dumps({"topic": "a\x00b\ud800", "facts": [1]}).encode())

    (row,) = gateway.batch_rows(batch.id).rows
    assert {p.field for p in row.problems} == {"topic", "facts.0"}
    assert "\ufffd" in row.sent["topic"]

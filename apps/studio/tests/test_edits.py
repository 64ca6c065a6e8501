"""What a person adds to a finished short."""

from datetime import date
from uuid import uuid4

import pytest

from apps.contracts.brief import BriefProblem, UnableToUseBrief
from apps.contracts.performance import Lesson, Performance
from apps.contracts.progress import JobStatus
from apps.gateway import interface as gateway
from apps.gateway.tests.orchestrating import snapshot
from apps.studio import numbers

pytestmark = pytest.mark.django_db(databases=["gateway"])


@pytest.fixture
def job_id(orchestrator, settings):
    settings.STUDIO_OPEN = True
    job = gateway.submit_brief({"topic": "Octopus"}).id
    orchestrator.snapshots[job] = snapshot(job, JobStatus.COMPLETED)
    return job


class TestAScene:
    @pytest.fixture
    def asked(self, monkeypatch):
        asked = []
        monkeypatch.setattr(
            gateway, "revise_scene", lambda *place, **changes: asked.append((*place, changes))
        )
        return asked

    def test_is_changed_only_where_it_was_edited(self, client, job_id, asked):
        form = {"narration": "And then it stops.", "visual": "octopus"}

        answer = client.post(f"/jobs/{job_id}/scenes/2", form)

        assert answer["Location"] == f"/jobs/{job_id}"
        assert asked == [(job_id, 2, {"narration": "And then it stops.", "visual": ""})]

    def test_that_stays_as_it_is_costs_nothing(self, client, job_id, asked):
        form = {"narration": "This animal has three hearts. ", "visual": "octopus"}

        page = client.post(f"/jobs/{job_id}/scenes/0", form, follow=True).content.decode()

        assert "Nothing was changed" in page
        assert not asked

    def test_is_edited_in_the_page_and_on_a_page_of_its_own(self, client, job_id):
        piece = client.get(f"/jobs/{job_id}/scenes/1", headers={"HX-Request": "true"}).content.decode()
        whole = client.get(f"/jobs/{job_id}/scenes/1").content.decode()

        for page in (piece, whole):
            assert "Two of them work for the gills." in page
            assert 'value="octopus"' in page
        assert "<html" not in piece
        assert "<html" in whole
        assert client.get(f"/jobs/{job_id}/scenes/4").status_code == 404

    def test_whose_words_cannot_be_used_says_so_beside_them(self, client, job_id, monkeypatch):
        def refuse(*_, **__):
            told = {"field": "narration", "code": "too_long", "reason": "Too many words.", "remedy": "Cut."}
            raise UnableToUseBrief((BriefProblem(**told),))

        monkeypatch.setattr(gateway, "revise_scene", refuse)

        answer = client.post(f"/jobs/{job_id}/scenes/1", {"narration": "<b>x</b>", "visual": "octopus"})

        assert answer.status_code == 422
        page = answer.content.decode()
        assert 'id="narration-error"><span>Too many words. Cut.' in page
        assert "&lt;b&gt;x&lt;/b&gt;" in page

    def test_that_cannot_be_changed_now_says_why(self, client, job_id, monkeypatch):
        def refuse(*_, **__):
            raise gateway.UnableToRevise("Wait until it is completed.")

        monkeypatch.setattr(gateway, "revise_scene", refuse)

        page = client.post(f"/jobs/{job_id}/scenes/1", {"narration": "x", "visual": ""}, follow=True)

        assert "Wait until it is completed." in page.content.decode()


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("views", "12,400", 12_400),
        ("views", "12\u202f400", 12_400),
        ("views", "12.4K", 12_400),
        ("views", "1.2 M", 1_200_000),
        ("views", "1.5", 1.5),
        ("average_watch_seconds", "17,5", 17.5),
        ("average_watch_seconds", "0:17", 17),
        ("average_watch_seconds", "1:02:03", 3723),
        ("completion", "61,5 %", 0.615),
        ("completion", "140", 1.4),
    ],
)
def test_numbers_are_read_as_platforms_write_them(name, text, value):
    assert numbers.values({name: text}) == {name: value}


@pytest.mark.parametrize(
    "text", ["many", "nan", "1e9", "-3", "0x1f", "\u0663", "1.2.3", "1 2", "9" * 40, "%"]
)
def test_what_is_no_number_is_handed_over_as_it_is(text):
    assert set(numbers.values({"views": text, "completion": text}).values()) == {text}


class TestNumbers:
    @pytest.fixture(autouse=True)
    def lesson(self, monkeypatch):
        known = Performance(day=date(2026, 11, 20), views=1234, completion=0.62)
        monkeypatch.setattr(
            gateway,
            "performance_of",
            lambda job_id: Lesson(
                job_id=job_id, performances=(known,), rewards=None, taught=(), said="Noted."
            ),
        )

    @pytest.fixture
    def told(self, monkeypatch):
        told = []
        monkeypatch.setattr(
            gateway, "record_performance", lambda job, data, source: told.append((data, source))
        )
        return told

    def test_are_handed_over_as_the_platform_shows_them(self, client, job_id, told):
        form = {
            "day": "2026-11-21",
            "views": "1,204",
            "completion": "61.5 %",
            "average_watch_seconds": "14.2",
        }

        answer = client.post(f"/jobs/{job_id}/performance", {**form, "shares": ""})

        wanted = {"day": "2026-11-21", "views": 1204, "completion": 0.615, "average_watch_seconds": 14.2}
        assert told == [(wanted, "studio")]
        assert answer.status_code == 302

    def test_that_are_none_are_refused_beside_their_field(self, client, job_id, monkeypatch):
        told = {
            "field": "views",
            "code": "wrong_type",
            "reason": "This must be a number.",
            "remedy": "Digits.",
        }

        def refuse(*_, **__):
            raise gateway.UnableToUseNumbers([BriefProblem(**told)])

        monkeypatch.setattr(gateway, "record_performance", refuse)

        answer = client.post(f"/jobs/{job_id}/performance", {"views": "many<b>"})

        assert answer.status_code == 422
        page = answer.content.decode()
        assert 'id="views-error"><span>This must be a number. Digits.' in page
        assert 'value="many&lt;b&gt;"' in page

    def test_of_a_short_that_taught_nothing_are_told_so_and_not_lost(self, client, job_id, monkeypatch):
        def refuse(*_, **__):
            raise gateway.UnableToLearn("Nothing was decided for this job.")

        monkeypatch.setattr(gateway, "record_performance", refuse)

        answer = client.post(f"/jobs/{job_id}/performance", {"views": "1,200", "completion": "61"})

        assert answer.status_code == 422
        page = answer.content.decode()
        assert "Nothing was decided for this job." in page
        assert 'value="1,200"' in page

    def test_known_so_far_are_shown(self, client, job_id):
        page = client.get(f"/jobs/{job_id}/performance").content.decode()

        assert "1,234" in page
        assert 'name="views" value="1,234"' in page
        assert 'name="completion" value="62"' in page
        assert "62\N{NO-BREAK SPACE}%" in page


class TestAPublication:
    @pytest.fixture(autouse=True)
    def _no_numbers(self, monkeypatch):
        known = Lesson(job_id=uuid4(), performances=(), rewards=None, taught=(), said="Nothing yet.")
        monkeypatch.setattr(gateway, "performance_of", lambda job_id: known)

    def test_is_kept_shown_and_forgotten(self, client, job_id):
        address = "https://youtube.com/shorts/abcDEF12345"

        page = client.post(f"/jobs/{job_id}/publication", {"url": address}, follow=True).content.decode()
        assert gateway.publication(job_id).external_id == "abcDEF12345"
        assert f'href="{address}"' in page
        client.post(f"/jobs/{job_id}/publication", {"url": " "})

        with pytest.raises(gateway.UnableToFindPublication):
            gateway.publication(job_id)

    @pytest.mark.parametrize("address", ["javascript:alert(1)", "https://example.org/x", '"><b>', "x" * 3000])
    def test_that_is_none_is_refused_beside_its_field(self, client, job_id, address):
        answer = client.post(f"/jobs/{job_id}/publication", {"url": address})

        assert answer.status_code == 422
        assert 'id="url-error"' in answer.content.decode()
        assert "<b>" not in answer.content.decode()

    @pytest.mark.django_db(databases=["gateway"], transaction=True)
    def test_of_another_short_is_refused(self, client, job_id):
        address = {"url": "https://youtube.com/shorts/abcDEF12345"}
        gateway.publish(gateway.submit_brief({"topic": "Bees"}).id, address)

        answer = client.post(f"/jobs/{job_id}/publication", address)

        assert answer.status_code == 422
        assert "already another job" in answer.content.decode()

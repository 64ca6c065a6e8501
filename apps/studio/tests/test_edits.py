"""What a person adds to a finished short."""

from datetime import date

import pytest

from apps.contracts.brief import BriefProblem, UnableToUseBrief
from apps.contracts.performance import Lesson, Performance
from apps.contracts.progress import JobStatus
from apps.gateway import interface as gateway
from apps.gateway.tests.orchestrating import snapshot

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

    def test_known_so_far_are_shown(self, client, job_id):
        page = client.get(f"/jobs/{job_id}/performance").content.decode()

        assert "1,234" in page
        assert "62\N{NO-BREAK SPACE}%" in page

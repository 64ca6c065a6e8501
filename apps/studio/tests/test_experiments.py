"""Experiments as a server renders them: asked for, refused by field, followed, compared."""

import re
from pathlib import Path

import pytest

from apps.contracts.decision import FactorKind
from apps.contracts.experiment import UnableToExperiment
from apps.contracts.performance import Performance, Rewards
from apps.contracts.progress import JobStatus
from apps.gateway import interface as gateway
from apps.gateway.models import Job
from apps.gateway.tests.orchestrating import snapshot
from apps.gateway.tests.remembering import FakeMemory
from apps.orchestrator import interface as door
from apps.studio import designs, names

pytestmark = pytest.mark.django_db(databases=["gateway"])
FORM = {"topic": "Octopus hearts", "facts": "An octopus has three hearts.", "n": "2"}
HOSTILE = "<script>alert(1)</script>{{ x }}"


class Memory(FakeMemory):
    """Also keeps the briefs that experiments were asked for, and says what is held."""

    asked = ()

    def design_experiment(self, **given):
        self.asked = (*self.asked, given)
        return super().design_experiment(**given)


@pytest.fixture
def memory(monkeypatch, settings):
    settings.STUDIO_OPEN = True
    memory = Memory()
    for name in ("report", "lesson", "design_experiment", "trials"):
        monkeypatch.setattr(door, name, getattr(memory, name))
    return memory


@pytest.fixture
def short(orchestrator):
    """A finished short whose brief settles its hook and its persona."""
    brief = {"topic": "Octopus", "facts": ["Three hearts."], "hook_type": "stakes", "persona": "calm_uncle"}
    job = gateway.submit_brief({**brief, "seed": 7}).id
    orchestrator.snapshots[job] = snapshot(job, JobStatus.COMPLETED)
    Job.objects.filter(id=job).update(status="completed")
    return job


def made(client, **form):
    return client.post("/experiments/new", {**FORM, **form})


@pytest.fixture
def trial(client, memory):
    """An experiment with two hooks, its shorts finished."""
    answer = made(client, **{"factor": "hook", "levels-hook": ["number", "question"]})
    found = gateway.experiment(answer["Location"].rpartition("/")[2])
    Job.objects.filter(variant__experiment=found.id).update(status="completed", progress=1)
    return found


class TestAsking:
    def test_makes_one_short_of_each_marked_level(self, client, memory):
        marked = {"levels-hook": ["number", "stakes"], "levels-persona": "x"}
        answer = made(client, factor="hook", **marked)

        assert answer.status_code == 302
        page = client.get(answer["Location"]).content.decode()
        assert "Octopus hearts" in page
        assert page.count('class="card variant') == 2
        assert memory.asked[0]["levels"] == ("number", "stakes")

    def test_leaves_to_memory_what_nobody_chose(self, client, memory):
        made(client, n="4")

        assert memory.asked[0] | {"brief": None, "first_job": None} == {
            "brief": None,
            "first_job": None,
            "n": 4,
            "factor": "",
            "levels": (),
        }

    def test_a_form_sent_twice_is_one_experiment(self, client, memory):
        first, second = (made(client, token="same")["Location"] for _ in range(2))

        assert first == second
        assert Job.objects.count() == 2
        assert made(client, token="same", topic="Bees")["Location"] != first

    @pytest.mark.parametrize(
        ("form", "field"),
        [
            ({"topic": "x" * 500}, "topic"),
            ({"n": "900"}, "n"),
            ({"n": "\u0663"}, "n"),
            ({"factor": HOSTILE}, "factor"),
            ({"factor": "hook", "levels-hook": "number"}, "levels"),
            ({"facts": "x" * 5000}, "facts"),
        ],
    )
    def test_says_beside_the_field_what_cannot_be(self, client, memory, form, field):
        answer = made(client, **form)

        page = answer.content.decode()
        assert answer.status_code == 422
        assert f'id="{field}-error"' in page
        assert "Nothing was made yet" in page
        assert "<script>alert" not in page
        assert Job.objects.count() == 0

    def test_tells_why_there_is_nothing_to_compare(self, client, memory):
        memory.refusal = UnableToExperiment("n", "Only 2 can be compared.", "Ask for 2.")

        page = made(client, factor="hook").content.decode()

        assert re.search(r'id="n-error"><span>Only 2 can be compared\. Ask for 2\.', page)
        assert re.search(r'value="hook"[^>]* checked', page)

    def test_every_factor_can_be_tried_and_is_drawn_by_the_style_sheet(self, client, memory):
        page = client.get("/experiments/new").content.decode()
        sheet = Path("static/studio/experiments.css").read_text()

        for kind in FactorKind:
            assert f'name="levels-{kind}"' in page
            assert f"#levels-of-{kind}" in sheet
            assert names.factor(kind) in page
        assert set(designs.SETTLING) == set(FactorKind)


class TestFromAShort:
    def test_another_hook_is_tried_with_all_else_as_it_was(self, client, memory, short):
        page = client.get(f"/experiments/new?from={short}&factor=hook").content.decode()
        form = {**FORM, "from": str(short), "factor": "hook", "same": "1"}
        answer = client.post("/experiments/new", form)

        assert "The short you start from has Number" in page
        assert answer.status_code == 302
        brief = memory.asked[0]["brief"]
        assert brief.hook_type == ""
        assert (brief.persona, brief.duration, brief.seed) == ("sharp_friend", 25, 7)

    def test_choices_that_are_not_kept_are_made_anew(self, client, memory, short):
        client.post("/experiments/new", {**FORM, "from": str(short), "factor": "hook"})

        brief = memory.asked[0]["brief"]
        assert (brief.persona, brief.duration, brief.hook_type) == ("calm_uncle", None, "")

    def test_memory_cannot_choose_among_what_is_kept(self, client, memory, short):
        answer = client.post("/experiments/new", {**FORM, "from": str(short), "factor": "", "same": "1"})

        assert answer.status_code == 422
        assert 'id="factor-error"' in answer.content.decode()

    def test_that_does_not_exist_is_not_found(self, client, memory):
        assert client.get("/experiments/new?from=nothing").status_code == 404
        assert client.get("/experiments/new?again=nothing").status_code == 404

    def test_the_short_s_page_leads_there_and_back(self, client, memory, short, trial, orchestrator):
        variant = trial.variants[0].job_id
        orchestrator.snapshots[variant] = snapshot(variant, JobStatus.COMPLETED)

        assert f"/experiments/new?from={short}" in client.get(f"/jobs/{short}").content.decode()
        assert f"/experiments/{trial.id}" in client.get(f"/jobs/{variant}").content.decode()


class TestOneExperiment:
    def test_without_numbers_has_no_verdict(self, client, trial):
        page = client.get(f"/experiments/{trial.id}").content.decode()

        assert "No real numbers yet" in page
        assert "winner" not in page
        assert re.search(r"about \d+ shorts of each", page)

    def test_that_is_still_made_asks_again(self, client, trial):
        Job.objects.filter(id=trial.variants[0].job_id).update(status="running", progress=0.4)

        page = client.get(f"/experiments/{trial.id}/live").content.decode()

        assert "1 of 2 ready" in page
        assert 'hx-trigger="every 3s"' in page
        assert "<html" not in page

    def test_a_small_difference_says_how_many_more_it_takes(self, client, trial, memory):
        one, two = (variant.job_id for variant in trial.variants)
        memory.rewards = {one: Rewards(total=60, hook=60), two: Rewards(total=50, hook=50)}
        memory.report(job_id=one, performances=(Performance(day=trial.created_at.date(), views=12_400),))

        page = client.get(f"/experiments/{trial.id}").content.decode()

        assert "Too close to call" in page
        assert "Number" in page
        assert "over</span> Question" in page
        assert "12,400" in page
        assert re.search(r"about \d+ more of each", page)

    def test_names_a_winner_only_where_the_interval_excludes_0(self, client, trial, memory):
        memory.rewards = dict.fromkeys((v.job_id for v in trial.variants), Rewards(total=50, hook=50))
        memory.rewards[trial.variants[1].job_id] = Rewards(total=50, hook=90)
        for n in range(30):
            made(client, topic=f"Topic {n}", **{"factor": "hook", "levels-hook": ["number", "question"]})
        for variant in Job.objects.filter(variant__isnull=False).select_related("variant"):
            hook = 90.0 if variant.variant.level == "question" else 50.0
            memory.rewards[variant.id] = Rewards(total=50, hook=hook)

        page = client.get(f"/experiments/{trial.id}").content.decode()

        assert "Question wins" in page
        assert "told apart" in page
        assert page.count("variant wins") == 1
        assert "pools 31 experiments" in page

    def test_is_repeated_with_what_was_tried(self, client, trial):
        page = client.get(f"/experiments/new?again={trial.id}").content.decode()

        for level in ("number", "question"):
            assert re.search(rf'name="levels-hook" value="{level}" checked', page)
        assert 'name="topic" value=""' in page

    def test_that_nobody_made_is_not_found(self, client, memory):
        assert client.get("/experiments/00000000-0000-0000-0000-000000000001").status_code == 404


class TestTheList:
    def test_is_empty_at_first(self, client, memory):
        assert "Nothing was tried yet" in client.get("/experiments").content.decode()

    def test_names_topic_factor_and_levels(self, client, trial):
        made(client, topic=HOSTILE, factor="hook")

        page = client.get("/experiments").content.decode()

        assert "Octopus hearts" in page
        assert "Number · Question" in page
        assert "&lt;script&gt;" in page
        assert page.count("2 of 2") == 0
        assert "0 of 2 ready" in page
        assert client.get("/experiments?cursor=x").status_code == 404

    def test_is_read_page_by_page(self, client, memory):
        for n in range(13):
            made(client, topic=f"Topic {n}", factor="hook")

        page = client.get("/experiments").content.decode()
        older = client.get(re.search(r'href="(/experiments\?cursor=[^"]+)"', page)[1]).content.decode()

        assert "Topic 12<" in page
        assert "Topic 0<" in older
        assert "Topic 0<" not in page

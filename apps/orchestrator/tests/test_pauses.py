"""A paused provider is passed over; where nothing else is left, the stage waits and costs nothing."""

from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from apps.audio.providers import registry
from apps.contracts.brief import Brief, Providers
from apps.foundation import notices
from apps.foundation.providers import ProviderPaused, UnableToProvide, first_to_deliver, names_in, paused
from apps.orchestrator import interface as orchestrator
from apps.orchestrator import runner, waking
from apps.orchestrator.graph import Stage
from apps.orchestrator.models import OrchestratorEvent, PausedProvider, StageRun
from apps.persona import interface as persona
from benchmarks import instant

database = pytest.mark.django_db(databases=["gateway", "orchestrator", "default"], transaction=True)
LIST = "admin:orchestrator_pausedprovider_changelist"


def test_the_next_provider_is_asked_and_the_notice_says_why() -> None:
    with notices.heard() as told, paused(frozenset({"pexels"})):
        name, gave = first_to_deliver(("pexels", "drawn"), lambda name: f"by {name}")

    assert (name, gave) == ("drawn", "by drawn")
    assert [n.facts for n in told] == [
        {"provider": "pexels", "to": "drawn", "reason": "An operator has paused it."}
    ]


def test_where_all_are_paused_nobody_is_asked() -> None:
    asked: list[str] = []
    with paused(frozenset({"pexels", "drawn"})), pytest.raises(ProviderPaused, match="pexels, drawn"):
        first_to_deliver(("pexels", "drawn"), asked.append)

    assert asked == []


@database
def test_a_name_is_paused_for_its_own_kind_only_and_once() -> None:
    orchestrator.pause_provider(kind="music", name="own", by="otto", reason="licences")

    with pytest.raises(orchestrator.UnableToPause, match="paused already"):
        orchestrator.pause_provider(kind="music", name="own", by="otto")
    with pytest.raises(orchestrator.UnableToPause, match="Choose one of writer"):
        orchestrator.pause_provider(kind="colour", name="own", by="otto")
    from apps.orchestrator.pauses import paused_names

    assert paused_names(Stage.SCORE) == {"own"}
    assert paused_names(Stage.PICTURE) == paused_names(Stage.JUDGE) == frozenset()


@pytest.fixture
def waiting(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Wake-up calls, collected; stages are instant, and the writer asks as real ones do."""
    woken: list[Any] = []

    def write(ticket: Any, *, brief: Brief, **inputs: Any) -> Any:
        names = names_in(brief.providers.writer) or ("facts",)
        return first_to_deliver(names, lambda name: instant.write(ticket, brief=brief, **inputs))[1]

    monkeypatch.setattr(waking, "wake", woken.extend)
    monkeypatch.setattr(runner, "work_of", lambda stage: {**instant.WORK, Stage.WRITE: write}[stage])
    return woken


def run_all(woken: list[Any]) -> list[Any]:
    """Run what is due; returns what was put off."""
    put_off = []
    while woken:
        wake = woken.pop(0)
        if wake.delay > 1:
            put_off.append(wake)
            continue
        runner.run(wake.run_id)
    return put_off


@database
def test_a_job_waits_for_a_paused_provider_and_goes_on_when_it_is_resumed(waiting: list[Any]) -> None:
    job = uuid4()
    orchestrator.pause_provider(kind="writer", name="facts", by="otto", reason="wrong facts")
    orchestrator.submit(job_id=job, brief=Brief(topic="x"))

    (wake,) = run_all(waiting)

    run = StageRun.objects.get(id=wake.run_id)
    assert (run.stage, run.state, run.tries, run.error["code"]) == ("write", "ready", 0, "provider_paused")
    assert OrchestratorEvent.objects.filter(job_id=job, event_type="stage_waits").count() == 1

    assert orchestrator.resume_provider(kind="writer", name="facts", by="otto")
    assert run_all(waiting) == []
    snapshot = orchestrator.snapshot(job)
    assert snapshot is not None
    assert snapshot.status == "completed"
    row = PausedProvider.objects.get()
    assert (row.paused_by, row.resumed_by, row.reason) == ("otto", "otto", "wrong facts")


@database
def test_a_brief_with_a_second_provider_does_not_wait(waiting: list[Any]) -> None:
    job = uuid4()
    orchestrator.pause_provider(kind="writer", name="llm", by="otto")
    orchestrator.submit(job_id=job, brief=Brief(topic="x", providers=Providers(writer="llm, facts")))

    assert run_all(waiting) == []

    told = OrchestratorEvent.objects.filter(job_id=job, event_type="provider_fell_back").earliest("seq")
    assert (told.metadata["provider"], told.metadata["to"]) == ("llm", "facts")


# The admin -------------------------------------------------------------------------------------------


@pytest.fixture
def operator(client: Client) -> Client:
    person = User.objects.create_user("otto", is_staff=True)
    names = ("view_pausedprovider", "add_pausedprovider", "change_pausedprovider")
    person.user_permissions.set(Permission.objects.filter(codename__in=names))
    client.force_login(person)
    return client


@database
def test_an_operator_pauses_with_a_reason_and_resumes_after_a_question(operator: Client) -> None:
    add = reverse("admin:orchestrator_pausedprovider_add")
    form = {"kind": "pictures", "name": "pexels", "reason": "quota spent"}

    assert "waits until you resume it" in operator.get(add).content.decode()
    assert operator.post(add, {**form, "reason": ""}).status_code == 200
    assert orchestrator.pauses() == ()
    assert operator.post(add, form).status_code == 302
    (pause,) = orchestrator.pauses()
    assert (pause.name, pause.paused_by, pause.reason) == ("pexels", "otto", "quota spent")

    row = PausedProvider.objects.get()
    resume = {"action": "resume", "_selected_action": str(row.pk)}
    asked = operator.post(reverse(LIST), resume).content.decode()
    assert "Resume these providers?" in asked
    assert len(orchestrator.pauses()) == 1
    operator.post(reverse(LIST), {**resume, "confirmed": "yes"})
    assert orchestrator.pauses() == ()


@database
def test_what_was_paused_is_never_edited_or_deleted(operator: Client) -> None:
    orchestrator.pause_provider(kind="voice", name="openai", by="otto", reason="<b>hoarse</b>")
    row = PausedProvider.objects.get()
    change = reverse("admin:orchestrator_pausedprovider_change", args=[row.pk])

    operator.post(change, {"kind": "voice", "name": "espeak", "reason": "x"})
    deleted = operator.post(
        reverse("admin:orchestrator_pausedprovider_delete", args=[row.pk]), {"post": "yes"}
    )

    assert deleted.status_code == 403
    row.refresh_from_db()
    assert (row.name, row.reason) == ("openai", "<b>hoarse</b>")
    assert "<b>hoarse" not in operator.get(reverse(LIST)).content.decode()
    assert operator.get(change).status_code == 200


@database
def test_whoever_only_sees_finds_neither_button(client: Client) -> None:
    person = User.objects.create_user("vic", is_staff=True)
    person.user_permissions.set(Permission.objects.filter(codename="view_pausedprovider"))
    client.force_login(person)
    orchestrator.pause_provider(kind="voice", name="openai", by="otto")

    page = client.get(reverse(LIST)).content.decode()

    assert "Pause…" not in page
    assert ">Resume<" not in page
    assert 'value="resume"' not in page
    assert client.get(reverse("admin:orchestrator_pausedprovider_add")).status_code == 403


# Outside of stages -----------------------------------------------------------------------------------


@pytest.mark.django_db(databases=["orchestrator", "persona"], transaction=True)
def test_a_persona_s_sample_is_spoken_by_no_paused_voice(
    monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    asked: list[str] = []

    def voice(name: str, settings: Any) -> Any:
        asked.append(name)
        return SimpleNamespace(missing=lambda: f"{name} has no key.")

    monkeypatch.setattr(registry, "voice", voice)
    settings.VOICE = "elevenlabs,espeak"
    persona.seed()
    who = persona.personas()[0].id
    orchestrator.pause_provider(kind="voice", name="elevenlabs", by="otto")

    with pytest.raises(UnableToProvide):
        orchestrator.speak_sample(who)
    assert asked == ["espeak"]

    orchestrator.pause_provider(kind="voice", name="espeak", by="otto")
    with pytest.raises(ProviderPaused, match="elevenlabs, espeak"):
        orchestrator.speak_sample(who)
    assert asked == ["espeak"]

"""The admin as people meet it: what each role may and may not do, and what every page is made of."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from apps.foundation.admin import ReadOnlyAdmin
from apps.gateway import interface as gateway
from apps.gateway.models import Job
from apps.orchestrator import interface as orchestrator
from apps.orchestrator import waking
from apps.orchestrator.models import PausedProvider
from apps.persona.models import Persona, PersonaChange
from apps.strategy.models import PlatformProfile
from config.roles import ROLES, make_roles

pytestmark = pytest.mark.django_db(databases="__all__")

FACTS = ["An octopus has three hearts.", "Two of them pump blood to the gills.", "One stops when it swims."]
#: Bytes of a page with its styles, scripts and typeface, and without media.
MOST_BYTES = 150_000


@pytest.fixture(autouse=True)
def _ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waking, "wake", lambda wakes: None)
    make_roles()
    orchestrator.seed()


def logged_in(role: str) -> Client:
    """A client of somebody with this role; "administrator" may do everything, "nobody" has no role."""
    person = User.objects.create_user(f"a_{role}", is_staff=True, is_superuser=role == "administrator")
    if role in ROLES:
        person.groups.add(Group.objects.get(name=role))
    client = Client()
    client.force_login(person)
    return client


def a_job() -> UUID:
    return gateway.submit_brief({"topic": "Octopus <b>hearts</b>", "facts": FACTS}).id


def address(model: type, page: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def menu(client: Client) -> list[str]:
    """The names that the menu offers."""
    page = client.get(reverse("admin:index"))
    return [entry["name"] for section in page.context["available_apps"] for entry in section["models"]]


# What every page is made of ----------------------------------------------------------------------------


def pages() -> Iterator[str]:
    yield reverse("admin:index")
    yield reverse("admin:password_change")
    for model, page in admin.site._registry.items():
        yield address(model, "changelist")
        if page.has_add_permission.__func__ is not ReadOnlyAdmin.has_add_permission:
            yield address(model, "add")
    for model in (Persona, PlatformProfile, Job):
        row = model.objects.first()
        assert row is not None
        yield address(model, "change", row.pk)


def test_every_page_keeps_the_policy_and_is_light() -> None:
    client = logged_in("administrator")
    a_job()
    for page in pages():
        answer = client.get(page)
        html = answer.content.decode()

        assert answer.status_code == 200, page
        policy = answer["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy
        assert re.findall(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=\"", html) == [], page
        assert re.findall(r"(?:src|href)=\"(?:https?:)?//", html) == [], page
        assert weight(html) <= MOST_BYTES, page


def weight(html: str) -> int:
    """Bytes of the page, and of every style and script that it loads."""
    loaded = set(re.findall(r"/static/([^\"?#]+\.(?:css|js))", html))
    files = [finders.find(name) for name in (*loaded, "studio/inter.woff2", "studio/icons.svg")]
    return len(html.encode()) + sum(Path(file).stat().st_size for file in files if file)


def test_hostile_topics_are_escaped_wherever_a_job_is_shown() -> None:
    client = logged_in("administrator")
    job = a_job()
    asked = client.post(address(Job, "changelist"), {"action": "cancel", "_selected_action": str(job)})

    shown = [client.get(reverse("admin:index")), client.get(address(Job, "changelist")), asked]

    for page in (*shown, client.get(address(Job, "change", job))):
        assert "Octopus &lt;b&gt;hearts" in page.content.decode()
        assert "Octopus <b>" not in page.content.decode()


def test_a_long_list_offers_only_the_orders_that_an_index_holds() -> None:
    a_job()
    page = logged_in("viewer").get(address(Job, "changelist")).content.decode()

    offered = set(re.findall(r'class="sortable column-(\w+)', page))
    assert {"when", "points", "platform"} <= offered
    assert "share" not in offered


def test_a_form_has_labels_without_colons_and_dates_that_nobody_mistakes() -> None:
    client = logged_in("administrator")
    User.objects.update(date_joined=datetime(2026, 11, 2, 22, 5, tzinfo=UTC))
    form = client.get(address(Persona, "change", Persona.objects.first().pk)).content.decode()
    person = client.get(address(User, "change", User.objects.get().pk)).content.decode()

    assert "</label>" in form
    assert not re.search(r":\s*</label>", form)
    assert "2026-11-02 22:05:00" in person


def test_the_first_page_tells_what_today_brought() -> None:
    client = logged_in("viewer")
    assert "There is no job yet" in client.get(reverse("admin:index")).content.decode()
    gateway.cancel(a_job())
    a_job()
    orchestrator.pause_provider(kind="voice", name="openai", by="otto", reason="quota")

    page = client.get(reverse("admin:index"))

    assert (page.context["day"].submitted, page.context["day"].cancelled) == (2, 1)
    assert page.context["queue"] == [("decide", 1, 0)]
    assert "openai (voice) by otto" in page.content.decode()


# Who may do what -----------------------------------------------------------------------------------------

CURATED = {"persona.persona", "emotion.emotioncurve", "audience.audienceprofile", "strategy.platformprofile"}


@pytest.mark.parametrize(
    ("role", "may"),
    [
        ("viewer", set()),
        ("curator", CURATED),
        ("operator", {"orchestrator.pausedprovider"}),
        ("administrator", {*CURATED, "orchestrator.pausedprovider", "gateway.apikey", "auth.user"}),
    ],
)
def test_a_role_may_add_what_is_its_business_and_nothing_else(role: str, may: set[str]) -> None:
    client = logged_in(role)
    opened = {
        model._meta.label_lower
        for model in admin.site._registry
        if client.get(address(model, "add")).status_code == 200
    }

    assert opened == may


def test_nobody_changes_or_deletes_a_record_of_fact() -> None:
    client = logged_in("administrator")
    records = [page for page in admin.site._registry.values() if isinstance(page, ReadOnlyAdmin)]
    request = client.get(reverse("admin:index")).wsgi_request

    assert len(records) >= 20
    for page in records:
        assert not page.has_change_permission(request), page
        assert not page.has_delete_permission(request), page
        assert not page.has_add_permission(request) or page.model is PausedProvider, page


def test_a_viewer_sees_personas_and_cannot_change_them() -> None:
    client = logged_in("viewer")
    change = address(Persona, "change", "spark")

    assert "Back to the list" in client.get(change).content.decode()
    assert client.post(change, {"name": "Sparkle"}).status_code == 403
    assert Persona.objects.get(pk="spark").name == "Spark"


def test_only_an_administrator_sees_people_and_keys() -> None:
    for role in ROLES:
        assert not {"People", "API keys"} & set(menu(logged_in(role))), role
    assert {"People", "API keys"} <= set(menu(logged_in("administrator")))


def test_whoever_has_no_role_is_told_so() -> None:
    client = logged_in("nobody")

    assert menu(client) == []
    assert client.get(address(Job, "changelist")).status_code == 403


@pytest.mark.parametrize(
    ("role", "status"), [("viewer", "queued"), ("curator", "queued"), ("operator", "cancelled")]
)
def test_only_an_operator_cancels_a_job_and_only_after_a_question(role: str, status: str) -> None:
    client, job = logged_in(role), a_job()
    order = {"action": "cancel", "_selected_action": str(job)}

    client.post(address(Job, "changelist"), order)
    assert gateway.job(job).summary.status == "queued"
    client.post(address(Job, "changelist"), {**order, "confirmed": "yes"})

    assert gateway.job(job).summary.status == status


def test_a_cancelled_job_is_retried_and_what_cannot_be_is_said_in_words() -> None:
    client, job = logged_in("operator"), a_job()
    gateway.cancel(job)
    order = {"action": "retry", "_selected_action": str(job), "confirmed": "yes"}

    client.post(address(Job, "changelist"), order)
    assert gateway.job(job).summary.status == "queued"
    again = client.post(address(Job, "changelist"), order, follow=True).content.decode()

    assert "Only a failed or cancelled job can be retried" in again


def test_making_the_roles_again_takes_away_what_was_slipped_in() -> None:
    viewer = Group.objects.get(name="viewer")
    rights = viewer.permissions.count()
    viewer.permissions.add(Group.objects.get(name="curator").permissions.get(codename="change_persona"))

    make_roles()

    assert viewer.permissions.count() == rights > 20


def test_a_person_gets_into_the_admin_by_a_role_and_out_without_one() -> None:
    client = logged_in("administrator")
    role = Group.objects.get(name="curator").pk
    new = {"username": "cleo", "password1": "a-long-password-9", "password2": "a-long-password-9"}

    assert client.post(address(User, "add"), {**new, "groups": [role]}).status_code == 302
    cleo = User.objects.get(username="cleo")
    assert (cleo.is_staff, cleo.is_superuser) == (True, False)

    client.post(address(User, "change", cleo.pk), {"username": "cleo", "is_active": "on"})
    cleo.refresh_from_db()
    assert not cleo.is_staff


# What a persona used to be ---------------------------------------------------------------------------------


def test_a_personas_evolution_says_who_changed_what_and_when() -> None:
    client = logged_in("curator")
    change = address(Persona, "change", "spark")
    form = client.get(change).context["adminform"].form
    kept = {name: form[name].value() for name in form.fields}
    told = {**kept, "voices": "en en-us+f3", "rate": 200, "energy_level": "low", "made_for": ""}

    assert client.post(change, told).status_code == 302
    assert client.post(change, told).status_code == 302

    step, seeded = PersonaChange.objects.filter(persona_key="spark")
    assert (step.action, step.changed_by) == ("changed", "a_curator")
    assert step.changes["energy_level"] == ["high", "low"]
    assert step.changes["voice.rate"][1] == 200
    assert (seeded.action, seeded.changed_by) == ("added", "catalogue")
    page = client.get(change).content.decode()
    assert "<del>high</del> <ins>low</ins>" in page
    assert client.get(address(PersonaChange, "changelist")).status_code == 200

from uuid import uuid4

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import path, reverse

from apps.memory import interface as memory
from apps.memory.tests.test_memory import judgement

#: The admin alone: these tests are about these pages.
urlpatterns = [path("admin/", admin.site.urls)]
pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db(databases=["default", "memory"])]


@pytest.mark.parametrize("model", ["creativememory", "memoryusage", "memoryevidence"])
def test_memory_is_listed_with_its_evidence(model: str, admin_client: Client) -> None:
    job_id, factors = uuid4(), {"persona": "<i>nova</i>"}
    memory.record_use(job_id=job_id, platform="tiktok", factors=factors)
    memory.remember(job_id=job_id, platform="tiktok", factors=factors, judgement=judgement(77.5))
    page = admin_client.get(reverse(f"admin:memory_{model}_changelist"))
    assert page.status_code == 200
    assert "&lt;i&gt;nova&lt;/i&gt;" in page.content.decode()
    assert "77.5" in page.content.decode() or model == "memoryusage"

from uuid import uuid4

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from apps.memory import interface as memory
from apps.memory.tests.test_memory import judgement, numbers

pytestmark = pytest.mark.django_db(databases=["default", "memory"])


@pytest.mark.parametrize(
    ("model", "shows"),
    [
        ("creativememory", "77.5 over 1"),
        ("memoryusage", "25%"),
        ("memoryevidence", "77.5"),
        ("rememberedshort", "78"),
        ("videoperformance", "4000"),
        ("platformmodel", "tiktok"),
    ],
)
def test_memory_is_listed_with_its_evidence(model: str, shows: str, admin_client: Client) -> None:
    job_id, factors = uuid4(), {"persona": "<i>nova</i>"}
    memory.record_use(job_id=job_id, platform="tiktok", factors=factors, propensities={"persona": 0.25})
    memory.remember(job_id=job_id, platform="tiktok", factors=factors, judgement=judgement(77.5))
    memory.report(job_id=job_id, performances=(numbers(),))
    page = admin_client.get(reverse(f"admin:memory_{model}_changelist"))
    assert page.status_code == 200
    assert shows in page.content.decode()
    assert "<i>nova</i>" not in page.content.decode()
    row = apps.get_model("memory", model).objects.first()
    opened = admin_client.get(reverse(f"admin:memory_{model}_change", args=[row.pk]))
    assert opened.status_code == 200
    assert "<i>nova</i>" not in opened.content.decode()

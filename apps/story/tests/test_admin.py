"""Stories in the admin are shown with their scenes, and cannot be changed."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from .test_interface import write


@pytest.mark.django_db(databases=["default", "story"])
def test_shows_a_story_with_its_scenes_and_offers_no_change(admin_client: Client) -> None:
    job_id = uuid4()
    told = write(job_id)
    listed = admin_client.get(reverse("admin:story_storyrow_changelist"), {"q": str(job_id)[:8]})
    assert str(told.id) in listed.content.decode()
    shown = admin_client.get(reverse("admin:story_storyrow_change", args=[told.id]))
    assert told.scenes[1].narration in shown.content.decode()
    assert admin_client.post(reverse("admin:story_storyrow_delete", args=[told.id])).status_code == 403

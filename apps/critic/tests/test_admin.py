import pytest
from django.test import Client
from django.urls import reverse

from apps.contracts.codec import to_json
from apps.contracts.judgement import Directive, DirectiveKind
from apps.critic.models import CriticFeedback
from apps.critic.tests.test_judging import a_row
from apps.critic.tests.test_scoring import signal

pytestmark = pytest.mark.django_db(databases="__all__")


@pytest.fixture
def feedback() -> CriticFeedback:
    row = a_row(71.0, gates=["black"], verdict="retry")
    row.save()
    order = Directive(kind=DirectiveKind.TRIM_SILENCE, ordinal=2, amount=0.4, reason="<b>quiet</b> {0}")
    signals = [signal("speech_onset", 1.4, 0), signal("true_peak", -2.0), signal("shot_length", 3.0)]
    return CriticFeedback.objects.create(
        critic_score=row, feedback=to_json({"signals": signals, "directives": [order]})
    )


@pytest.mark.parametrize("model", ["criticscore", "criticfeedback"])
def test_scores_are_listed_and_their_measurements_can_be_read(
    model: str, feedback: CriticFeedback, admin_client: Client
) -> None:
    key = feedback.pk if model == "criticfeedback" else feedback.critic_score_id
    listed = admin_client.get(reverse(f"admin:critic_{model}_changelist"))
    page = admin_client.get(reverse(f"admin:critic_{model}_change", args=[key])).content.decode()
    assert listed.status_code == 200
    assert "time to the first word" in page
    assert "≤ 0.35" in page
    assert "&lt;b&gt;quiet&lt;/b&gt; {0}" in page
    assert 'name="_save"' not in page

"""The audience door on a real database."""

import pytest

from apps.audience import interface, models
from apps.contracts.brief import Brief

pytestmark = pytest.mark.django_db(databases=["audience"])


@pytest.fixture(autouse=True)
def _seeded() -> None:
    interface.seed()


def test_seeding_twice_changes_nothing_and_keeps_what_a_curator_edited() -> None:
    models.AudienceProfile.objects.filter(audience_key="kids_india").update(emotion_bias=["calm"])

    report = interface.seed()

    assert (report.added, report.updated, report.kept) == (0, 0, 1)
    assert interface.profile("kids_india").emotion_bias == ("calm",)


def test_the_catalogue_is_sound() -> None:
    audiences = interface.audiences()

    assert {"kids_india", "genz_us"} <= {a.key for a in audiences}
    assert len(audiences) >= 6
    assert all(sum(a.language_mix.values()) == pytest.approx(1.0) for a in audiences)
    assert {a.visual_energy for a in audiences} == {"low", "medium", "high"}


def test_an_unknown_audience_is_a_problem_that_names_the_known() -> None:
    (problem,) = interface.problems_with(Brief(topic="x", audience="<b>martians</b>"))

    assert (problem.field, problem.code) == ("audience", "unknown_audience")
    assert "genz_us" in problem.remedy
    assert interface.problems_with(Brief(topic="x", audience="seniors_de")) == ()
    with pytest.raises(interface.UnknownAudience, match="genz_us"):
        interface.profile("martians\x00\ud800")

"""Ids as people call them."""

import pytest

from apps.contracts.decision import FactorKind
from apps.gateway.tests.orchestrating import PERSONA
from apps.studio import names


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("youtube_shorts", "YouTube Shorts"),
        ("instagram_reels", "Instagram Reels"),
        ("tiktok", "TikTok"),
        ("my_own_site", "My Own Site"),
        ("", ""),
    ],
)
def test_a_platform_goes_by_its_own_name(name, called):
    assert names.proper(name) == called


@pytest.mark.parametrize(
    ("kind", "level", "called"),
    [
        ("hook", "question", "Question"),
        ("emotion_curve", "slow_burn_to_awe", "Slow burn to awe"),
        ("length_band", "15_21", "15 to 21\N{NO-BREAK SPACE}s"),
        ("length_band", "under_15", "Under 15\N{NO-BREAK SPACE}s"),
        ("length_band", "60_plus", "60 or more\N{NO-BREAK SPACE}s"),
        ("persona", "sharp_friend", "Sharp friend"),
        ("persona", "night_owl", "Night Owl"),
    ],
)
def test_a_level_reads_as_words(kind, level, called):
    assert names.level(kind, level, (PERSONA,)) == called


def test_ids_in_a_sentence_read_as_words_and_nothing_else_changes():
    said = "Untried on youtube_shorts; next best: slow_burn_to_awe, length_band 22_29. <b>A_b</b> C"

    assert names.worded(said) == (
        "Untried on YouTube Shorts; next best: slow burn to awe, length band 22 to 29\N{NO-BREAK SPACE}s. "
        "<b>A_b</b> C"
    )


def test_every_factor_has_words():
    assert set(names.FACTORS) == set(FactorKind)

"""One voice a job: scenes are narrated at once, by different workers, while a provider comes and goes."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest
from django.db import connections

from apps.audio import interface, job_voices
from apps.audio.models import AudioTrack, JobVoice
from apps.audio.providers import web
from apps.audio.tests.material import PROFILE, line
from apps.audio.tests.speech_service import Answer, Asked, Service, as_file, serving, syllables_of_sound
from apps.contracts.media import Narration
from apps.foundation.notices import heard
from apps.foundation.providers import ProviderUnavailable, UnableToProvide

pytestmark = pytest.mark.django_db(databases=["audio"], transaction=True)
GOOD = Answer(body=as_file(syllables_of_sound(5)))
DOWN = Answer(status=503)
SCENES = 6


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch, settings) -> Iterator[None]:
    monkeypatch.setattr(web, "PAUSES", (0.01, 0.02))
    settings.VOICE = "openai,espeak"
    settings.SPEECH_API_KEY, settings.SPEECH_MODEL = "sk-1", "tts-1"
    yield
    connections["audio"].close()


def narrate(job: UUID, ordinal: int, attempt: int = 0) -> Narration:
    return interface.narrate(
        job_id=job,
        attempt=attempt,
        script_id=job,
        line=line("Nobody tells you this.", ordinal),
        language="en",
        voice=PROFILE,
    )


def in_a_worker(job: UUID, ordinal: int) -> str:
    """The provider that narrated, or how it failed."""
    try:
        return narrate(job, ordinal).provider
    except ProviderUnavailable:
        return "later"
    finally:
        connections.close_all()


def all_at_once(job: UUID, ordinals: list[int]) -> dict[int, str]:
    with ThreadPoolExecutor(len(ordinals)) as workers:
        return dict(zip(ordinals, workers.map(lambda n: in_a_worker(job, n), ordinals), strict=True))


@pytest.mark.parametrize("good", [1, 2, 4])
def test_a_service_that_fails_half_way_leaves_no_second_voice(settings, good: int) -> None:
    job = uuid4()
    with serving(*[GOOD] * good, DOWN) as service:
        settings.SPEECH_BASE_URL = service.url
        ended = all_at_once(job, list(range(SCENES)))
        decided = JobVoice.objects.get(job_id=job).provider
        assert set(ended.values()) <= {decided, "later"}
        service.answers = [GOOD]
        waiting = [n for n, how in ended.items() if how == "later"]
        if waiting:
            all_at_once(job, waiting)
    told = AudioTrack.objects.filter(job_id=job).values_list("ordinal", "provider")
    assert sorted(told) == [(n, decided) for n in range(SCENES)]


def test_a_service_that_is_down_from_the_start_gives_way_to_the_next(settings) -> None:
    job = uuid4()
    with serving(DOWN) as service:
        settings.SPEECH_BASE_URL = service.url
        ended = all_at_once(job, list(range(SCENES)))
        assert set(ended.values()) == {"espeak"}
        asked = len(service.asked)
        service.answers = [GOOD]
        assert narrate(job, 0, attempt=1).provider == "espeak"
        assert len(service.asked) == asked


def test_who_comes_second_says_its_line_again(settings) -> None:
    job = uuid4()

    class Meanwhile(Service):
        """Another worker is done with its line while this one is still being refused."""

        def next(self, asked: Asked) -> Answer:
            if not self.asked:
                job_voices.decide(job, "openai")
                connections["audio"].close()
            return super().next(asked)

    with serving(DOWN, DOWN, DOWN, GOOD, kind=Meanwhile) as service, heard() as told:
        settings.SPEECH_BASE_URL = service.url
        assert narrate(job, 3).provider == "openai"
    kept = [n.facts for n in told if n.kind == "voice_kept"]
    assert kept == [{"provider": "openai", "instead_of": "espeak"}]


def test_the_voice_that_speaks_is_waited_for_and_no_other_asked(settings) -> None:
    job = uuid4()
    job_voices.decide(job, "openai")
    with serving(DOWN) as service:
        settings.SPEECH_BASE_URL = service.url
        with pytest.raises(ProviderUnavailable):
            narrate(job, 0)
    settings.SPEECH_BASE_URL = settings.SPEECH_API_KEY = ""
    with pytest.raises(UnableToProvide, match="already speaks with 'openai'"):
        narrate(job, 0)
    assert not AudioTrack.objects.exists()


def test_jobs_do_not_share_a_voice(settings) -> None:
    first, second = uuid4(), uuid4()
    assert job_voices.decide(first, "openai") == "openai"
    assert job_voices.decide(first, "espeak") == "openai"
    assert job_voices.decide(second, "espeak") == "espeak"

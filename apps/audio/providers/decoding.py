"""Sound that a service sent, as samples. Decoded before it is believed."""

import numpy as np

from apps.audio.loudness import SAMPLE_RATE
from apps.audio.providers import Utterance
from apps.audio.providers.web import Reply
from apps.foundation import ffmpeg
from apps.foundation.providers import ProviderUnavailable, UnableToProvide

#: Containers that a speech service may send; nothing else is opened.
FORMATS = "wav,mp3,ogg,flac,aac,mov,matroska"
_CAREFULLY = ("-protocol_whitelist", "pipe", "-format_whitelist", FORMATS)
#: Media types of an answer that can be no sound: somebody else's server, or a page about the trouble.
NO_SOUND = ("text/", "application/json", "application/xml")
#: Seconds decoding may take; a line needs a tenth.
TIMEOUT = 20.0


def utterance(reply: Reply, *, address_setting: str) -> Utterance:
    """A whole file of sound as mono at 48 kHz. Raises UnableToProvide for what is no sound at all."""
    if reply.kind.startswith(NO_SOUND):
        raise UnableToProvide(
            f"The speech service answered with a page and no sound; check {address_setting}."
        )
    try:
        raw, _ = ffmpeg.run(
            [
                *_CAREFULLY,
                "-i",
                "pipe:0",
                "-vn",
                "-ac",
                "1",
                "-ar",
                str(SAMPLE_RATE),
                "-f",
                "f32le",
                "pipe:1",
            ],
            data=reply.content,
            timeout=TIMEOUT,
        )
    except ffmpeg.UnableToRunFfmpeg:
        raise ProviderUnavailable("The speech service sent sound that cannot be decoded.") from None
    return Utterance(samples=np.frombuffer(raw, np.float32), sample_rate=SAMPLE_RATE)


def from_pcm(raw: bytes, sample_rate: int) -> Utterance:
    """Signed 16-bit little-endian mono. A last half sample is left out."""
    whole = len(raw) // 2 * 2
    samples = np.frombuffer(raw[:whole], "<i2").astype(np.float32) / 32768.0
    return Utterance(samples=samples, sample_rate=sample_rate)

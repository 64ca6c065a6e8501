"""Speaks one text with espeak-ng and ends. Run as a process of its own, never imported.

espeak-ng is GPL, keeps global state, is not thread-safe, and gives another waveform each time it is
asked within one process: a fresh process for each utterance cures all four. Imports the standard
library only, so that it starts in a few hundredths of a second.

stdin: one JSON object {library, data, voice, rate, pitch, pitch_range, text}.
stdout: one JSON line {sample_rate, events: [[character, length, sample], ...]}, then the samples as
signed 16-bit integers in native order. `character` counts from 0 within the text.
"""

import ctypes
import json
import sys

SYNCHRONOUS = 2
#: Milliseconds of audio for each callback; only the number of callbacks depends on it.
BUFFER_MS = 500
DONT_EXIT = 0x8000
CHARACTERS = 1
UTF8 = 1
END_PAUSE = 0x1000
RATE, PITCH, PITCH_RANGE = 1, 3, 4
#: Any constant will do.
SEED = 7
LIST_TERMINATED, WORD = 0, 1


class Event(ctypes.Structure):
    """espeak_EVENT of speak_lib.h."""

    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", ctypes.c_char * 8),
    )


CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(Event))


def prepare(library: ctypes.CDLL, request: dict) -> int:
    """Load the data and set voice, rate and pitch; returns the sample rate in Hz."""
    sample_rate = library.espeak_Initialize(SYNCHRONOUS, BUFFER_MS, request["data"].encode(), DONT_EXIT)
    if sample_rate <= 0:
        sys.exit("espeak-ng could not read its data")
    # The library seeds its noise with the clock: the same line would be another sound in another second.
    library.espeak_ng_SetRandSeed(SEED)
    if library.espeak_SetVoiceByName(request["voice"].encode()):
        sys.exit("espeak-ng has no such voice")
    for parameter, name in ((RATE, "rate"), (PITCH, "pitch"), (PITCH_RANGE, "pitch_range")):
        library.espeak_SetParameter(parameter, int(request[name]), 0)
    return int(sample_rate)


def speak(library: ctypes.CDLL, text: str) -> tuple[bytes, list[list[int]]]:
    """The samples of `text` and its word events, [first character, characters, sample]."""
    pieces: list[bytes] = []
    events: list[list[int]] = []

    def hear(samples, count, event):  # type: ignore[no-untyped-def]
        if samples and count > 0:
            pieces.append(ctypes.string_at(samples, count * 2))
        at = 0
        while event[at].type != LIST_TERMINATED:
            if event[at].type == WORD:
                events.append([event[at].text_position - 1, event[at].length, event[at].sample])
            at += 1
        return 0

    callback = CALLBACK(hear)
    library.espeak_SetSynthCallback(callback)
    data = text.encode()
    library.espeak_Synth(data, len(data) + 1, 0, CHARACTERS, 0, UTF8 | END_PAUSE, None, None)
    library.espeak_Synchronize()
    return b"".join(pieces), events


def main() -> None:
    """Read the request, speak, write the answer."""
    request = json.load(sys.stdin)
    library = ctypes.CDLL(request["library"])
    sample_rate = prepare(library, request)
    samples, events = speak(library, request["text"])
    header = json.dumps({"sample_rate": sample_rate, "events": events})
    sys.stdout.buffer.write(header.encode() + b"\n" + samples)


if __name__ == "__main__":
    main()

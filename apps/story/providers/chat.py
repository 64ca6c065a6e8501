"""One question to an OpenAI-compatible chat API: formats negotiated, bad luck retried, use told.

What is asked and answered goes to the server and back and nowhere else: errors carry statuses, never text.
"""

import itertools
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx2
import openai

from apps.foundation.notices import tell, tell_usage
from apps.foundation.providers import ProviderUnavailable, UnableToProvide

Messages = list[dict[str, str]]

#: Seconds one answer may take; a longer one is asked for again.
TIMEOUT = 60.0
#: Seconds for everything that is asked for one story, so that the next writer in line still has its turn
#: before the stage's own time limit; a longer LLM_TIMEOUT extends it.
PATIENCE = 140.0
#: Times a question is asked again after bad luck; the orchestrator asks again later.
RETRIES = 2
#: Seconds before the first and the second retry, where the server names none.
PAUSES = (0.5, 1.5)
#: Seconds a server may ask us to wait (Retry-After); beyond it the work is better tried again later.
LONGEST_PAUSE = 10.0
#: Bytes of one reply; a story has a few thousand.
LARGEST_REPLY = 2_000_000
#: Tokens allowed for, thinking included, once a server's own limit has cut a reply.
MOST_TOKENS = 8000
#: Statuses that say "I do not know that parameter".
NOT_UNDERSTOOD = frozenset({400, 415, 422, 501})
#: Statuses after which asking again may help, beside all from 500.
TRANSIENT = frozenset({408, 409, 425, 429})

_REFUSED = "The language model did not write this story. Reword the brief, or choose the writer 'facts'."
_LIMITS: tuple[dict[str, Any], ...] = (
    {"max_completion_tokens": MOST_TOKENS},
    {"max_tokens": MOST_TOKENS},
    {},
)


@dataclass(frozen=True, kw_only=True)
class Model:
    """Where the model is, what it is called and what it costs (USD per million tokens).

    The key never appears in a repr.
    """

    base_url: str = ""
    key: str = ""
    name: str = ""
    timeout: float = TIMEOUT
    price_in: float = 0.0
    price_out: float = 0.0

    @property
    def configured(self) -> bool:
        """Whether there is enough to call it: a name, and an address or a key."""
        return bool(self.name and (self.base_url or self.key))

    def __repr__(self) -> str:
        return f"Model(name={self.name!r})"


@dataclass(frozen=True)
class Answer:
    """What a model said. `cut`: it was stopped before it had ended."""

    text: str
    cut: bool = False


class _Garbled(ValueError):
    """A reply that is no chat completion: a web page, half a body, an error in a 200, no choice, no text."""


#: Number of the format (see `_formats`) that a server and model are known to take, for this process.
_taken: dict[tuple[str, str], int] = {}


class Chat:
    """Questions to one model. `pauses` are the seconds before retries where the server names none."""

    def __init__(self, model: Model, *, pauses: tuple[float, ...] = PAUSES) -> None:
        self._model = model
        self._pauses = pauses
        self._deadline = time.monotonic() + max(PATIENCE, model.timeout)

    def ask(self, messages: Messages, schema: dict[str, Any], *, limited: bool = False) -> Answer:
        """The model's answer, JSON of `schema` where the server can hold it to that.

        `limited` names a token limit of ours in place of the server's own. Raises ProviderUnavailable
        after RETRIES, UnableToProvide where the server refuses.
        """
        ways = self._ways(schema, limited=limited)
        with self._client() as client:
            for tries in itertools.count(1):
                try:
                    return self._heard(client, messages, ways)
                except openai.APIStatusError as error:
                    if _is_final(error):
                        raise _refusal(error.status_code) from None
                    status, pause = error.status_code, _asked_pause(error)
                    stumbled = status >= 500
                except (openai.APIError, httpx2.HTTPError, ValueError) as error:
                    status, pause = 0, None
                    stumbled = isinstance(error, ValueError)
                self._wait_or_give_up(tries, status, pause)
                client.timeout = self._time_for_one
                if stumbled and self._place not in _taken and len(ways) > 1:
                    del ways[0]  # servers that stumble over a format answer with all sorts of things
        raise AssertionError("unreachable")

    def _client(self) -> openai.OpenAI:
        return openai.OpenAI(
            api_key=self._model.key or "none",
            base_url=self._model.base_url or None,
            timeout=self._time_for_one,
            max_retries=0,  # retries are ours, so that they are told
            # A redirect would carry the prompt to a server that nobody configured.
            http_client=openai.DefaultHttpxClient(follow_redirects=False),
        )

    @property
    def _time_for_one(self) -> float:
        return max(0.0, min(self._model.timeout, self._deadline - time.monotonic()))

    def _ways(self, schema: dict[str, Any], *, limited: bool) -> list[tuple[int, dict[str, Any]]]:
        """The parameters to try, from what the server is known to take (or the most exact) downwards."""
        formats = _formats(schema)
        limits = _LIMITS if limited else ({},)
        first = _taken.get(self._place, 0)
        return [(n, {**formats[n], **limit}) for n in range(first, len(formats)) for limit in limits]

    @property
    def _place(self) -> tuple[str, str]:
        return self._model.base_url, self._model.name

    def _heard(
        self, client: openai.OpenAI, messages: Messages, ways: list[tuple[int, dict[str, Any]]]
    ) -> Answer:
        """The answer in the first way that the server understands; those it does not are taken off `ways`."""
        while True:
            number, way = ways[0]
            try:
                answer = self._sent(client, messages, way)
            except openai.APIStatusError as error:
                if error.status_code not in NOT_UNDERSTOOD or len(ways) == 1:
                    raise
                del ways[0]
            else:
                _taken[self._place] = number
                return answer

    def _sent(self, client: openai.OpenAI, messages: Messages, way: dict[str, Any]) -> Answer:
        asking = client.chat.completions.with_streaming_response
        with asking.create(model=self._model.name, messages=messages, **way) as response:  # type: ignore[arg-type]
            body = _body(response.iter_bytes(), time.monotonic() + self._time_for_one)
        self._tell_use(body.get("usage"))
        return _answer(body)

    def _tell_use(self, usage: Any) -> None:
        """Also of replies that turn out to be unusable: they are paid for as well."""
        counted = usage if isinstance(usage, dict) else {}
        tokens_in, tokens_out = (_count(counted.get(n)) for n in ("prompt_tokens", "completion_tokens"))
        model = self._model
        cost = (tokens_in * model.price_in + tokens_out * model.price_out) / 1_000_000
        tell_usage(provider="llm", tokens_in=tokens_in, tokens_out=tokens_out, cost_usd=cost)

    def _wait_or_give_up(self, tries: int, status: int, asked: float | None) -> None:
        pause = asked if asked is not None else self._pauses[min(tries, len(self._pauses)) - 1]
        if tries > RETRIES or pause > min(LONGEST_PAUSE, self._time_for_one):
            told = f"answered with status {status}" if status else "did not answer, or not with a completion"
            raise ProviderUnavailable(f"The language model {told}; trying again later.") from None
        tell("writer_retried", status=status or "no answer", tries=tries)
        time.sleep(pause)


def _formats(schema: dict[str, Any]) -> tuple[dict[str, Any], ...]:
    """Ways to ask for JSON, the most exact first; not every server knows every one."""
    exact = {"name": "story", "strict": True, "schema": schema}
    return (
        {"response_format": {"type": "json_schema", "json_schema": exact}},
        {"response_format": {"type": "json_object"}},
        {},
    )


def _body(chunks: Iterator[bytes], deadline: float) -> dict[str, Any]:
    """The reply's JSON object, read within limits of size and time."""
    data = bytearray()
    for chunk in chunks:
        data += chunk
        if len(data) > LARGEST_REPLY or time.monotonic() > deadline:
            raise _Garbled("the reply is too large or too slow")
    body = json.loads(data)
    if not isinstance(body, dict):
        raise _Garbled("the reply is no object")
    return body


def _answer(body: dict[str, Any]) -> Answer:
    choice = next(iter(body.get("choices") or ()), None)
    message = choice.get("message") if isinstance(choice, dict) else None
    if not isinstance(choice, dict) or not isinstance(message, dict):
        raise _Garbled("the reply has no choice")
    cut = choice.get("finish_reason") == "length"
    if choice.get("finish_reason") == "content_filter" or message.get("refusal"):
        raise UnableToProvide(_REFUSED)
    text = _text(message.get("content"))
    if not text.strip() and not cut:
        raise _Garbled("the reply is empty")
    return Answer(text, cut)


def _text(content: Any) -> str:
    """The text of a message; some servers send it in parts."""
    parts = content if isinstance(content, list) else [content]
    return "".join(str(p.get("text") or "") if isinstance(p, dict) else str(p or "") for p in parts)


def _count(value: Any) -> int:
    return max(0, int(value)) if isinstance(value, int | float) and value == value else 0


def _asked_pause(error: openai.APIStatusError) -> float | None:
    """Seconds that the server asks us to wait; None where it does not say."""
    try:
        return max(0.0, float(error.response.headers.get("retry-after", "")))
    except ValueError:
        return None


def _is_final(error: openai.APIStatusError) -> bool:
    """Whether asking again cannot help. An empty account answers 429 like a busy server, with a code."""
    if error.code == "insufficient_quota":
        return True
    return error.status_code not in TRANSIENT and error.status_code < 500


def _refusal(status: int) -> UnableToProvide:
    if status in {401, 403}:
        return UnableToProvide("The language model refused the key. Check LLM_API_KEY and LLM_BASE_URL.")
    if status in {402, 429}:
        return UnableToProvide(
            "The language model's account has no credit left. Top it up, or change LLM_API_KEY."
        )
    if status == 404:
        return UnableToProvide("The language model was not found. Check LLM_MODEL and LLM_BASE_URL.")
    if 300 <= status < 400:
        return UnableToProvide("The language model's address redirects elsewhere. Correct LLM_BASE_URL.")
    return UnableToProvide(f"The language model refused the request with status {status}. Check LLM_MODEL.")

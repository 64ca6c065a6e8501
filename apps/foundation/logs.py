"""Structured logs with the job and stage on every line. Never prompts, secrets or brief text."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog

_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def logging_config(*, level: str, as_json: bool) -> dict[str, Any]:
    """Django's LOGGING: every line, ours or a library's, through structlog to stderr."""
    renderer = structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer(colors=False)
    structlog.configure(
        processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "lines": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": _SHARED,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.format_exc_info,
                    renderer,
                ],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "botocore": {"level": "WARNING"},
            "urllib3": {"level": "WARNING"},
            # At INFO they print whole addresses, and Pixabay takes its key in one.
            "httpx": {"level": "WARNING"},
            "httpx2": {"level": "WARNING"},
            "httpcore": {"level": "WARNING"},
            "openai": {"level": "WARNING"},
            # A stranger's bad Host header is a stranger's business, not an error with a traceback.
            "django.security": {"level": "CRITICAL"},
        },
    }


@contextmanager
def about(**context: object) -> Iterator[None]:
    """Put `context` (job, stage, ...) on every log line written inside the block."""
    with structlog.contextvars.bound_contextvars(**{k: str(v) for k, v in context.items()}):
        yield


def get_logger(name: str) -> Any:
    """A structlog logger: `log.info("event_name", key=value)`."""
    return structlog.stdlib.get_logger(name)


logging.captureWarnings(True)

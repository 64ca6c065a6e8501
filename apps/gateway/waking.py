"""Tells the broker that messages to webhooks are due. What is lost on the way, the sweep sends again."""

from dramatiq import get_broker

from apps.foundation.logs import get_logger

#: Threads of one worker process that may send at once: a slow receiver must not keep stages from running.
SENDERS = 2
#: Looked up by name, because the actor imports what calls this.
ACTOR = "gateway.send_webhooks"

log = get_logger(__name__)


def wake_sender() -> None:
    """Ask a worker to send what is due."""
    try:
        get_broker().get_actor(ACTOR).send()
    except Exception as lost:  # redis and pika raise their own kinds beside dramatiq's
        log.warning("wake_not_sent", actor=ACTOR, error=type(lost).__name__)

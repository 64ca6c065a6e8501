"""The Dramatiq broker that BROKER_URL names: Redis or RabbitMQ. Only wiring."""

import dramatiq
from dramatiq.brokers.rabbitmq import RabbitmqBroker
from dramatiq.brokers.redis import RedisBroker
from dramatiq.middleware import AgeLimit, Middleware, Retries, ShutdownNotifications, TimeLimit

from apps.orchestrator.middleware import ConnectionMiddleware, SweepMiddleware

#: Fetches per million that look for dead workers' messages; the default finds them after minutes.
MAINTENANCE_CHANCE = 100_000


def make_broker(url: str) -> dramatiq.Broker:
    """A broker with the middleware that this project needs and no other."""
    middleware: list[Middleware] = [
        AgeLimit(),
        TimeLimit(),
        ShutdownNotifications(),
        Retries(max_retries=0),
        ConnectionMiddleware(),
        SweepMiddleware(),
    ]
    if url.startswith("amqp"):
        return RabbitmqBroker(url=url, middleware=middleware)
    return RedisBroker(  # type: ignore[no-untyped-call]
        url=url, middleware=middleware, namespace="hookloop", maintenance_chance=MAINTENANCE_CHANCE
    )

"""Counts and times every request by its route. Never by its path: paths hold ids."""

import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from apps.gateway.metrics import LATENCY, REQUESTS


class RequestMetrics:
    """Django middleware; put it first, so that it times the others too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began = time.perf_counter()
        response = self.get_response(request)
        route = request.resolver_match.route if request.resolver_match else "none"
        method = request.method if request.method in {"GET", "HEAD", "POST", "OPTIONS"} else "other"
        LATENCY.labels(method, route).observe(time.perf_counter() - began)
        REQUESTS.labels(method, route, response.status_code).inc()
        return response

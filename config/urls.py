"""Every address of the project, and what is answered where there is none."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path

from apps.gateway import health, links, metrics
from apps.gateway.api.views import PersonaSampleView
from apps.gateway.problems import problem_response

urlpatterns = [
    path("", include("apps.studio.urls")),
    path("api/v1/personas/<str:persona_id>/sample", PersonaSampleView.as_view(), name="persona-sample"),
    path("api/v1/", include("apps.gateway.api.urls")),
    path("media/<path:token>", links.blob, name="blob"),
    path("health", health.health, name="health"),
    path("ready", health.ready, name="ready"),
    path("metrics", metrics.metrics, name="metrics"),
    path("admin/", admin.site.urls),
]


def _answer(request: HttpRequest, status: int, detail: str) -> HttpResponse:
    if request.path.startswith("/api/"):
        return problem_response(request, status, detail)
    return render(request, "studio/problem.html", {"detail": detail, "status": status}, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: Django itself refused the request."""
    return _answer(request, 400, "The request cannot be read.")


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403"""
    return _answer(request, 403, "You may not do this.")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404"""
    return _answer(request, 404, "There is nothing at this address.")


def broken(request: HttpRequest) -> HttpResponse:
    """500: says so without saying how."""
    return _answer(request, 500, "Something broke on our side. It is in the log; try again in a moment.")


handler400, handler403, handler404, handler500 = bad_request, forbidden, not_found, broken

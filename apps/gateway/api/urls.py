"""Addresses of the REST API, below /api/v1/."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

from apps.gateway.api import views

app_name = "api"
urlpatterns = [
    path("jobs", views.JobsView.as_view(), name="jobs"),
    path("jobs/<uuid:job_id>", views.JobView.as_view(), name="job"),
    path("jobs/<uuid:job_id>/cancel", views.CancelView.as_view(), name="job-cancel"),
    path("jobs/<uuid:job_id>/retry", views.RetryView.as_view(), name="job-retry"),
    path("jobs/<uuid:job_id>/events", views.EventsView.as_view(), name="job-events"),
    path("jobs/<uuid:job_id>/video", views.VideoView.as_view(), name="job-video"),
    path("uploads", views.UploadsView.as_view(), name="uploads"),
    path("platforms", views.PlatformsView.as_view(), name="platforms"),
    path("platforms/<str:platform>", views.PlatformView.as_view(), name="platform"),
    path("audiences", views.AudiencesView.as_view(), name="audiences"),
    path("audiences/<str:key>", views.AudienceView.as_view(), name="audience"),
    path("personas", views.PersonasView.as_view(), name="personas"),
    path("personas/<str:persona_id>", views.PersonaView.as_view(), name="persona"),
    path("curves", views.CurvesView.as_view(), name="curves"),
    path("curves/<uuid:curve_id>", views.CurveView.as_view(), name="curve"),
    path("schema", SpectacularAPIView.as_view(), name="schema"),
    path("docs", SpectacularSwaggerView.as_view(url_name="api:schema"), name="docs"),
]

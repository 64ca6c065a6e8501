"""Addresses of the pages."""

from django.urls import path

from apps.studio import views

app_name = "studio"
urlpatterns = [
    path("", views.home, name="home"),
    path("jobs", views.job_list, name="jobs"),
    path("jobs/<uuid:job_id>", views.job, name="job"),
    path("jobs/<uuid:job_id>/row", views.job_row, name="job-row"),
    path("jobs/<uuid:job_id>/live", views.job_live, name="job-live"),
    path("jobs/<uuid:job_id>/cancel", views.cancel, name="job-cancel"),
    path("jobs/<uuid:job_id>/retry", views.retry, name="job-retry"),
    path("jobs/<uuid:job_id>/pictures/<int:ordinal>/<str:mark>", views.picture, name="job-picture"),
]

"""Addresses of production."""

from django.urls import path

from milkrun.web.jobs import actions, views

urlpatterns = [
    path("", views.jobs, name="jobs"),
    path("/failed", views.failed, name="failed_postings"),
    path("/failed/<slug:public_id>/retry", actions.retry, name="retry_posting"),
    path("/<slug:public_id>", views.job, name="job"),
    path("/<slug:public_id>/confirm", actions.confirm, name="confirm_job"),
]

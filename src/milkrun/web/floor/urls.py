"""Addresses of the floor."""

from django.urls import path

from milkrun.web.floor import replay, views

urlpatterns = [
    path("", views.floor, name="floor"),
    path("/session", views.session, name="floor_session"),
    path("/actions", replay.action, name="floor_action"),
    path("/worker.js", views.worker, name="floor_worker"),
    path("/manifest.webmanifest", views.manifest, name="floor_manifest"),
]

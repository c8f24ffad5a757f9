"""Addresses of the floor."""

from django.urls import path

from milkrun.web.floor import replay, tasks, views

urlpatterns = [
    path("", views.floor, name="floor"),
    path("/session", views.session, name="floor_session"),
    path("/actions", replay.action, name="floor_action"),
    path("/rack", views.rack, name="floor_rack"),
    path("/hand-over", replay.aside, name="floor_hand_over"),
    path("/aside", tasks.scans, name="set_aside_scans"),
    path("/aside/<slug:public_id>/settle", tasks.settle, name="settle_scan"),
    path("/worker.js", views.worker, name="floor_worker"),
    path("/manifest.webmanifest", views.manifest, name="floor_manifest"),
]

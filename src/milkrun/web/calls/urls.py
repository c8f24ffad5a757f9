"""Addresses of the call monitor."""

from django.urls import path

from milkrun.web.calls import actions, bulk, uploading, views

urlpatterns = [
    path("", views.monitor, name="calls"),
    path("/rows", views.rows, name="call_rows"),
    path("/export.csv", views.export, name="call_export"),
    path("/upload", uploading.upload, name="upload"),
    path("/release", bulk.release, name="release_calls"),
    path("/release-for-packing", actions.to_packing, name="calls_to_packing"),
    path("/create-delivery", actions.to_delivery, name="calls_to_delivery"),
    path("/cancel", bulk.cancel, name="cancel_calls"),
    path("/hold", bulk.hold, name="hold_calls"),
    path("/resume", bulk.resume, name="resume_calls"),
    path("/expedite", bulk.expedite, name="expedite_calls"),
    path("/<slug:public_id>/reorder", actions.reorder, name="reorder_component"),
    path("/<slug:public_id>", views.call, name="call"),
    path("/<slug:public_id>/accept-cancel", actions.accept_cancelling, name="accept_cancel"),
    path("/<slug:public_id>/decline-cancel", actions.decline_cancelling, name="decline_cancel"),
    path("/<slug:public_id>/reprocess", actions.reprocess, name="reprocess_call"),
]

"""Addresses of the call monitor."""

from django.urls import path

from milkrun.web.calls import actions, bulk, changing, entering, rules, streams, uploading, views

urlpatterns = [
    path("", views.monitor, name="calls"),
    path("/rows", views.rows, name="call_rows"),
    path("/export.csv", views.export, name="call_export"),
    path("/upload", uploading.upload, name="upload"),
    path("/new", entering.new, name="new_call"),
    path("/sequences", streams.listed, name="streams"),
    path("/sequences/one", streams.one, name="stream"),
    path("/sequences/configure", streams.configure, name="configure_stream"),
    path("/sequences/skip", streams.skip, name="skip_number"),
    path("/rules", rules.rules, name="call_rules"),
    path("/rules/save", rules.save_rule, name="save_call_rule"),
    path("/rules/words", rules.save_status, name="save_call_status"),
    path("/change-time", changing.change_time, name="change_time"),
    path("/release", bulk.release, name="release_calls"),
    path("/release-for-packing", actions.to_packing, name="calls_to_packing"),
    path("/create-delivery", actions.to_delivery, name="calls_to_delivery"),
    path("/cancel", bulk.cancel, name="cancel_calls"),
    path("/hold", bulk.hold, name="hold_calls"),
    path("/resume", bulk.resume, name="resume_calls"),
    path("/expedite", bulk.expedite, name="expedite_calls"),
    path("/<slug:public_id>/reorder", actions.reorder, name="reorder_component"),
    path("/<slug:public_id>", views.call, name="call"),
    path("/<slug:public_id>/update", changing.update, name="update_call"),
    path("/<slug:public_id>/move", changing.move, name="resequence_call"),
    path("/<slug:public_id>/decide-change", changing.decide, name="decide_change"),
    path("/<slug:public_id>/accept-cancel", actions.accept_cancelling, name="accept_cancel"),
    path("/<slug:public_id>/decline-cancel", actions.decline_cancelling, name="decline_cancel"),
    path("/<slug:public_id>/reprocess", actions.reprocess, name="reprocess_call"),
]

"""Addresses of connections, webhooks and imports."""

from django.urls import path

from milkrun.web.connections import imports, views, webhooks

urlpatterns = [
    path("", views.listed, name="connections"),
    path("/imports", imports.listed, name="imports"),
    path("/imports/upload", imports.upload, name="upload_table"),
    path("/imports/sample/<slug:public_id>.csv", imports.sample, name="table_sample"),
    path("/imports/<slug:public_id>", imports.run, name="import_run"),
    path("/imports/<slug:public_id>/set-aside.csv", imports.set_aside, name="import_set_aside"),
    path("/webhooks/new", webhooks.new, name="new_webhook"),
    path("/webhooks/<slug:public_id>", webhooks.shown, name="webhook"),
    path("/webhooks/<slug:public_id>/change", webhooks.change, name="change_webhook"),
    path("/webhooks/<slug:public_id>/rotate", webhooks.rotate, name="rotate_webhook"),
    path("/webhooks/<slug:public_id>/switch", webhooks.switch, name="switch_webhook"),
    path("/webhooks/<slug:public_id>/test", webhooks.test, name="test_webhook"),
    path("/webhooks/<slug:public_id>/replay", webhooks.replay, name="replay_events"),
    path("/<slug:public_id>", views.connection, name="connection"),
]

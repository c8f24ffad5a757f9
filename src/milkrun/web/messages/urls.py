"""Addresses of the message log."""

from django.urls import path

from milkrun.web.messages import actions, views

urlpatterns = [
    path("", views.inbox, name="messages"),
    path("/in/<slug:public_id>", views.received, name="received"),
    path("/in/<slug:public_id>/bytes", views.received_bytes, name="received_bytes"),
    path("/out", views.outbox, name="outbox"),
    path("/out/<slug:public_id>", views.sent, name="sent"),
    path("/out/<slug:public_id>/bytes", views.sent_bytes, name="sent_bytes"),
    path("/out/<slug:public_id>/again", actions.again, name="send_again"),
]

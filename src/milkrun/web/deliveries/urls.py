"""Addresses of deliveries."""

from django.urls import path

from milkrun.web.deliveries import actions, views

urlpatterns = [
    path("", views.deliveries, name="deliveries"),
    path("/<slug:public_id>", views.delivery, name="delivery"),
    path("/<slug:public_id>/pick", actions.pick, name="pick_delivery"),
    path("/<slug:public_id>/issue", actions.issue, name="issue_delivery"),
    path("/<slug:public_id>/reverse", actions.reverse_issue, name="reverse_delivery"),
    path("/<slug:public_id>/cancel", actions.cancel, name="cancel_delivery"),
]

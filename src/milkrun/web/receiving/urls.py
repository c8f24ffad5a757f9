"""Addresses of receiving."""

from django.urls import path

from milkrun.web.receiving import actions, views

urlpatterns = [
    path("", views.expected, name="receiving"),
    path("/scan", actions.scan, name="receive_scan"),
    path("/orders/new", actions.new_order, name="new_order"),
    path("/orders/<slug:public_id>", views.order, name="purchase_order"),
    path("/orders/<slug:public_id>/close", actions.close, name="close_order"),
    path("/orders/<slug:public_id>/take-back", actions.take_back, name="reverse_receipt"),
    path("/put-away", actions.waiting, name="put_away"),
    path("/quarantine", actions.quarantine, name="quarantine"),
]

"""Addresses of stock."""

from django.urls import path

from milkrun.web.stock import actions, keeping, views

urlpatterns = [
    path("/<slug:public_id>/policy", keeping.save, name="set_item_policy"),
    path("", views.items, name="items"),
    path("/<slug:public_id>", views.item, name="item"),
    path("/<slug:public_id>/receive", actions.receive, name="receive_stock"),
    path("/<slug:public_id>/move", actions.move, name="move_stock"),
    path("/<slug:public_id>/reverse", actions.reverse_one, name="reverse_posting"),
]

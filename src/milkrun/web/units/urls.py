"""Addresses of handling units."""

from django.urls import path

from milkrun.web.units import actions, views

urlpatterns = [
    path("", views.units, name="handling_units"),
    path("/create", actions.create, name="create_handling_unit"),
    path("/<slug:public_id>", views.unit, name="handling_unit"),
    path("/<slug:public_id>/pack", actions.pack, name="pack_handling_unit"),
    path("/<slug:public_id>/split", actions.split, name="split_handling_unit"),
    path("/<slug:public_id>/merge", actions.merge, name="merge_handling_units"),
    path("/<slug:public_id>/nest", actions.nest, name="nest_handling_unit"),
    path("/<slug:public_id>/move", actions.move, name="move_handling_unit"),
    path("/<slug:public_id>/reject", actions.reject, name="reject_handling_unit"),
    path("/<slug:public_id>/accept", actions.accept, name="accept_handling_unit"),
]

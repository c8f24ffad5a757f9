"""Addresses of packing."""

from django.urls import path

from milkrun.web.packing import actions, specs, views

urlpatterns = [
    path("", views.racks, name="packing"),
    path("/racks", specs.specs, name="rack_specs"),
    path("/<slug:public_id>", views.rack, name="rack"),
    path("/<slug:public_id>/slots", views.slots, name="rack_slots"),
    path("/<slug:public_id>/place", actions.place, name="place_rack"),
    path("/<slug:public_id>/slot", views.slot, name="rack_slot"),
    path("/<slug:public_id>/reorder", actions.reorder, name="reorder_at_slot"),
    path("/<slug:public_id>/missing", actions.missing, name="report_missing"),
    path("/<slug:public_id>/next-unit", actions.next_unit, name="start_load_unit"),
    path("/<slug:public_id>/confirm", actions.confirm, name="confirm_packing"),
]

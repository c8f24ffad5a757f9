"""Addresses of picking."""

from django.urls import path

from milkrun.web.picking import actions, views, walking

urlpatterns = [
    path("", views.waves, name="picking"),
    path("/waves", actions.create, name="create_wave"),
    path("/rule", actions.rule, name="set_picking_rule"),
    path("/issues/<slug:public_id>/settle", actions.settle, name="settle_pick_issue"),
    path("/<slug:public_id>", views.wave, name="wave"),
    path("/<slug:public_id>/cancel", actions.cancel, name="cancel_wave"),
    path("/<slug:public_id>/walk", walking.walk, name="walk"),
    path("/<slug:public_id>/walk/scan", walking.scan, name="walk_scan"),
    path("/<slug:public_id>/walk/next-unit", walking.next_unit, name="walk_next_unit"),
    path("/<slug:public_id>/walk/short", walking.short, name="walk_short"),
]

"""Addresses of keeping."""

from django.urls import path

from milkrun.web.keeping import actions, places, views

urlpatterns = [
    path("/places", places.places, name="places"),
    path("/places/space", places.space_used, name="space"),
    path("/places/<slug:public_id>", places.place, name="place"),
    path("/places/<slug:public_id>/change", places.change, name="change_place"),
    path("/expiry", views.expiry, name="expiry"),
    path("/waste", views.waste, name="waste"),
    path("/dwell", views.dwell, name="dwell"),
    path("/life-cycle", views.life_cycle, name="life_cycle"),
    path("/lots/<slug:public_id>/block", actions.block, name="block_lot"),
    path("/lots/<slug:public_id>/release", actions.release, name="release_lot"),
    path("/items/<slug:public_id>/write-off", actions.scrap, name="write_off"),
    path("/items/<slug:public_id>/cost", actions.cost, name="set_cost"),
    path("/items/<slug:public_id>/life-cycle", actions.life, name="set_life"),
    path("/items/<slug:public_id>/rule", actions.rule, name="set_rule"),
]

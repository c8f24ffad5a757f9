"""Addresses of deliveries."""

from django.urls import path

from milkrun.web.deliveries import actions, views

urlpatterns = [
    path("", views.deliveries, name="deliveries"),
    path("/board", views.board, name="departures"),
    path("/board/rows", views.board_rows, name="departure_rows"),
    path("/rules", views.rules, name="shipping_rules"),
    path("/rules/set", actions.set_rule, name="set_shipping_rule"),
    path("/<slug:public_id>", views.delivery, name="delivery"),
    path("/<slug:public_id>/asn", views.preview, name="preview_asn"),
    path("/<slug:public_id>/pick", actions.pick, name="pick_delivery"),
    path("/<slug:public_id>/issue", actions.issue, name="issue_delivery"),
    path("/<slug:public_id>/reverse", actions.reverse_issue, name="reverse_delivery"),
    path("/<slug:public_id>/delivery-note", views.paper, {"kind": "delivery-note"}, name="delivery_note"),
    path("/<slug:public_id>/packing-list", views.paper, {"kind": "packing-list"}, name="packing_list"),
    path("/<slug:public_id>/bill-of-lading", views.paper, {"kind": "bill-of-lading"}, name="bill_of_lading"),
    path("/<slug:public_id>/cmr", views.paper, {"kind": "cmr"}, name="cmr"),
    path("/<slug:public_id>/split", actions.split, name="split_delivery"),
    path("/<slug:public_id>/remove", actions.remove, name="remove_from_delivery"),
    path("/<slug:public_id>/add", actions.add, name="add_to_delivery"),
    path("/<slug:public_id>/cancel", actions.cancel, name="cancel_delivery"),
]

"""Addresses of counting."""

from django.urls import path

from milkrun.web.counting import views

urlpatterns = [
    path("", views.lists, name="counts"),
    path("/<slug:public_id>", views.one, name="count"),
    path("/<slug:public_id>/blind", views.blind, name="count_blind"),
    path("/<slug:public_id>/recount", views.again, name="recount"),
    path("/<slug:public_id>/approve", views.approve, name="approve_count"),
    path("/<slug:public_id>/take-back", views.take_back, name="reverse_count"),
    path("/<slug:public_id>/close", views.close, name="close_count"),
]

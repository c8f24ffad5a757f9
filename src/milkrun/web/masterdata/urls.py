"""Addresses of master data."""

from django.urls import path

from milkrun.web.masterdata import views

urlpatterns = [
    path("/part", views.part, name="introduce_part"),
    path("/part/save", views.save_part, name="save_part"),
    path("/dock", views.save_dock, name="add_dock"),
]

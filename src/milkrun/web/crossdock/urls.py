"""Addresses of cross-docking."""

from django.urls import path

from milkrun.web.crossdock import views

urlpatterns = [
    path("", views.cross_dock, name="cross_dock"),
    path("/send", views.send, name="cross_dock_receipt"),
]

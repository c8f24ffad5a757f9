"""Addresses of the monitor of what must move."""

from django.urls import path

from milkrun.web.moving import views

urlpatterns = [
    path("move", views.monitor, name="moving"),
    path("move/rows", views.rows, name="moving_rows"),
    path("wall/", views.wall, name="wall"),
    path("wall/rows", views.wall_rows, name="wall_rows"),
]

"""Addresses of the help."""

from django.urls import path

from milkrun.web.help import views

urlpatterns = [
    path("", views.show, name="help"),
    path("/guide", views.guide, name="guide"),
    path("/support", views.support, name="support"),
    path("/tour", views.guided_tour, name="tour"),
    path("/tour/steps", views.tour_progress, name="tour_progress"),
    path("/tour/files", views.tour_files, name="tour_files"),
]

"""Addresses of the help."""

from django.urls import path

from milkrun.web.help import views

urlpatterns = [path("", views.show, name="help"), path("/guide", views.guide, name="guide")]

"""The address of the help page."""

from django.urls import path

from milkrun.web.help import views

urlpatterns = [path("", views.show, name="help")]

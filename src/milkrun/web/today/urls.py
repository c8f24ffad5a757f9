"""Addresses of the home page and the search."""

from django.urls import path

from milkrun.web.today import views

urlpatterns = [
    path("", views.today, name="today"),
    path("today", views.live, name="today_live"),
    path("today/tasks", views.tasks, name="tasks"),
    path("search", views.search, name="search"),
]

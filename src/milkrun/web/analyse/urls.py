"""Addresses of the analysis without an account."""

from django.urls import path

from milkrun.web.analyse import views

urlpatterns = [
    path("", views.drop, name="analyse"),
    path("/sample/<str:name>", views.sample, name="analyse_sample"),
    path("/<str:key>", views.room, name="analysis_room"),
    path("/<str:key>/state", views.state, name="analysis_state"),
    path("/<str:key>/add", views.add, name="analysis_add"),
    path("/<str:key>/run", views.run, name="analysis_run"),
    path("/<str:key>/remove", views.remove, name="analysis_remove"),
    path("/<str:key>/result/<str:name>", views.result, name="analysis_result"),
]

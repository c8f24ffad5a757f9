"""Addresses of the trace."""

from django.urls import path

from milkrun.web.trace import views

urlpatterns = [
    path("", views.trace, name="trace"),
    path("/export.csv", views.export, name="trace_export"),
    path("/recall", views.recall, name="recall_lots"),
    path("/recall-goods", views.recall_without_lot, name="recall_goods"),
]

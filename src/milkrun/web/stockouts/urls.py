"""Addresses of stockouts."""

from django.urls import path

from milkrun.web.stockouts import views

urlpatterns = [
    path("", views.listed, name="stockouts"),
    path("/export.csv", views.export, {"form": "csv"}, name="stockouts_csv"),
    path("/export.xlsx", views.export, {"form": "xlsx"}, name="stockouts_xlsx"),
]

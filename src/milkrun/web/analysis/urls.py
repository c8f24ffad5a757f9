"""Addresses of the analysis."""

from django.urls import path

from milkrun.web.analysis import views

urlpatterns = [
    path("/demand", views.demand, name="demand_deviation"),
    path("/demand.csv", views.demand_file, {"form": "csv"}, name="demand_csv"),
    path("/demand.xlsx", views.demand_file, {"form": "xlsx"}, name="demand_xlsx"),
    path("/availability", views.availability, name="stock_availability"),
    path("/availability.csv", views.availability_file, {"form": "csv"}, name="availability_csv"),
    path("/availability.xlsx", views.availability_file, {"form": "xlsx"}, name="availability_xlsx"),
    path("/coverage", views.coverage, name="coverage"),
    path("/coverage.csv", views.coverage_file, {"form": "csv"}, name="coverage_csv"),
    path("/coverage.xlsx", views.coverage_file, {"form": "xlsx"}, name="coverage_xlsx"),
]

"""Addresses of billing."""

from django.urls import path

from milkrun.web.billing import actions, views

urlpatterns = [
    path("", views.to_bill, name="billing"),
    path("/bill", actions.bill, name="bill_delivery"),
    path("/invoices", views.invoices, name="invoices"),
    path("/invoices/<slug:public_id>", views.invoice, name="invoice"),
]

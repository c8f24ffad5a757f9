"""Addresses of billing."""

from django.urls import path

from milkrun.web.billing import actions, views

urlpatterns = [
    path("", views.to_bill, name="billing"),
    path("/bill", actions.bill, name="bill_delivery"),
    path("/bill-due", actions.bill_due, name="bill_due"),
    path("/rules", views.rules, name="billing_rules"),
    path("/rules/set", actions.set_rule, name="set_billing_rule"),
    path("/invoices", views.invoices, name="invoices"),
    path("/invoices/<slug:public_id>", views.invoice, name="invoice"),
    path("/invoices/<slug:public_id>/pdf", views.invoice_pdf, name="invoice_pdf"),
    path("/invoices/<slug:public_id>/credit", actions.credit, name="credit_invoice"),
    path("/invoices/<slug:public_id>/cancel", actions.cancel, name="cancel_invoice"),
]

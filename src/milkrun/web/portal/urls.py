"""Addresses of the customers' portal."""

from django.urls import path

from milkrun.web.portal import calling, views

urlpatterns = [
    path("", views.items, name="portal"),
    path("/call-off", calling.call_off, name="portal_call_off"),
    path("/calls", views.calls, name="portal_calls"),
    path("/calls/<slug:public_id>", views.call, name="portal_call"),
    path("/deliveries", views.deliveries, name="portal_deliveries"),
    path("/deliveries/<slug:public_id>", views.delivery, name="portal_delivery"),
    path("/invoices", views.invoices, name="portal_invoices"),
    path("/invoices/<slug:public_id>/pdf", views.invoice_pdf, name="portal_invoice_pdf"),
    path("/help", views.guide, name="portal_help"),
]

"""Addresses of labels."""

from django.urls import path

from milkrun.web.printing import actions, templating, views

urlpatterns = [
    path("", views.jobs, name="labels"),
    path("/print", actions.print_one, name="print_label"),
    path("/printers", views.printers, name="printers"),
    path("/printers/save", actions.save, name="save_printer"),
    path("/templates", templating.templates, name="label_templates"),
    path("/templates/<slug:public_id>", templating.template, name="label_template"),
    path("/templates/<slug:public_id>/preview", templating.preview, name="preview_label_template"),
    path("/templates/<slug:public_id>/save", templating.save, name="save_label_template"),
    path("/<slug:public_id>", views.job, name="print_job"),
    path("/<slug:public_id>/live", views.live, name="print_job_live"),
    path("/<slug:public_id>/label.pdf", views.as_pdf, name="print_job_pdf"),
    path("/<slug:public_id>/label.png", views.as_png, name="print_job_png"),
    path("/<slug:public_id>/again", actions.redirect_one, name="redirect_print_job"),
]

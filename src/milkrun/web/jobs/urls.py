"""Addresses of production."""

from django.urls import path

from milkrun.web.jobs import actions, card, failed, load, making, running, views

urlpatterns = [
    path("", views.jobs, name="jobs"),
    path("/export", views.export, name="job_export"),
    path("/new", making.new, name="new_job"),
    path("/shift", views.shift, name="shift"),
    path("/failed", failed.failed, name="failed_postings"),
    path("/failed/retry", failed.retry_many, name="retry_postings"),
    path("/failed/assign", failed.assign, name="assign_postings"),
    path("/failed/<slug:public_id>/reverse", failed.reverse_one, name="reverse_confirmation"),
    path("/refused/<slug:public_id>/settle", failed.settle, name="settle_report"),
    path("/card", card.scan, name="job_scan"),
    path("/card/<slug:public_id>", card.card, name="job_card"),
    path("/card/<slug:public_id>/confirm", card.confirm, name="card_confirm"),
    path("/card/<slug:public_id>/status", card.status, name="card_status"),
    path("/lines", running.runs, name="runs"),
    path("/lines/report", running.report, name="report_run"),
    path("/lines/<slug:public_id>", running.run, name="run"),
    path("/scrap", running.scrap, name="scrap"),
    path("/scrap/reason", running.set_reason, name="set_scrap_reason"),
    path("/load", load.load, name="load"),
    path("/load/work-centre", load.add_centre, name="add_work_centre"),
    path("/load/<slug:public_id>", load.centre, name="work_centre"),
    path("/load/<slug:public_id>/time", load.set_time, name="set_capacity"),
    path("/load/<slug:public_id>/routing", load.set_steps, name="set_routing"),
    path("/<slug:public_id>", views.job, name="job"),
    path("/<slug:public_id>/confirm", actions.confirm, name="confirm_job"),
    path("/<slug:public_id>/start", making.start, name="start_job"),
    path("/<slug:public_id>/pause", making.pause, name="pause_job"),
    path("/<slug:public_id>/reschedule", making.reschedule, name="reschedule_job"),
    path("/<slug:public_id>/close", making.close, name="close_job"),
    path("/<slug:public_id>/cancel", making.cancel, name="cancel_job"),
]

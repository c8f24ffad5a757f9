"""Addresses of alerts and their rules."""

from django.urls import path

from milkrun.web.alerts import actions, rhythm, rules, views

urlpatterns = [
    path("", views.listed, name="alerts"),
    path("/rows", views.rows, name="alert_rows"),
    path("/bell", views.bell, name="alert_bell"),
    path("/rhythm", rhythm.shown, name="rhythm"),
    path("/rhythm/day", rhythm.close, name="close_day"),
    path("/rules", rules.listed, name="alert_rules"),
    path("/rules/new", rules.new, name="new_alert_rule"),
    path("/rules/save", rules.save, name="save_alert_rule"),
    path("/rules/<slug:public_id>", rules.rule, name="alert_rule"),
    path("/rules/<slug:public_id>/mute", rules.mute, name="mute_alert_rule"),
    path("/<slug:public_id>", views.alert, name="alert"),
    path("/<slug:public_id>/retry", actions.retry, name="retry_alert"),
    path("/<slug:public_id>/snooze", actions.snooze, name="snooze_alert"),
    path("/<slug:public_id>/assign", actions.assign, name="assign_alert"),
]

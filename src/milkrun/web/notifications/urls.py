"""Addresses of notifications."""

from django.urls import path

from milkrun.web.notifications import actions, views

urlpatterns = [
    path("notifications", views.mine, name="notifications"),
    path("notifications/all-read", actions.all_read, name="all_read"),
    path("notifications/partners", views.told, name="told"),
    path("notifications/release", actions.release, name="release_held"),
    path("notifications/contacts", views.contacts, name="contacts"),
    path("notifications/contacts/add", actions.add, name="add_contact"),
    path("notifications/contacts/language", actions.language, name="set_partner_language"),
    path("notifications/contacts/remove", actions.remove, name="remove_contact"),
    path("notifications/<slug:public_id>", views.one, name="notification"),
    path("read/<slug:public_id>", views.opened, name="read_mail"),
]

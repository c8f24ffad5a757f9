"""Addresses of the set-up."""

from django.urls import path

from milkrun.web.setup import fields, people, shifts, views

urlpatterns = [
    path("", views.setup, name="setup"),
    path("/people", people.people, name="people"),
    path("/people/add", people.add, name="add_person"),
    path("/people/assign", people.assign, name="assign_roles"),
    path("/roles", people.roles, name="roles"),
    path("/roles/define", people.define, name="define_role"),
    path("/words", views.words_page, name="state_words"),
    path("/words/save", views.save_words, name="save_state_words"),
    path("/fields", fields.fields, name="extra_fields"),
    path("/fields/save", fields.save, name="save_extra_field"),
    path("/fields/fill", fields.fill, name="fill_fields"),
    path("/numbers", views.numbers, name="number_formats"),
    path("/numbers/save", views.save_numbers, name="save_number_format"),
    path("/shifts", shifts.shifts, name="shifts"),
    path("/shifts/save", shifts.save, name="set_shifts"),
    path("/steps", views.steps, name="automatic_steps"),
    path("/steps/save", views.save_steps, name="save_automatic_steps"),
]

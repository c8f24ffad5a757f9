"""Django's registration of planning."""

from django.apps import AppConfig


class PlanningConfig(AppConfig):
    """Registers the tables of planning."""

    name = "milkrun.planning"
    label = "planning"

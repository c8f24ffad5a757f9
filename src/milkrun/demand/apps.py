"""Django's registration of demand."""

from django.apps import AppConfig


class DemandConfig(AppConfig):
    """Registers the tables of demand."""

    name = "milkrun.demand"
    label = "demand"

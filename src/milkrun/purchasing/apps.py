"""Django's registration of purchasing."""

from django.apps import AppConfig


class PurchasingConfig(AppConfig):
    """Registers the tables of purchasing."""

    name = "milkrun.purchasing"
    label = "purchasing"

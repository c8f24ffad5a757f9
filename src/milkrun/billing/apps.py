"""Django's registration of billing."""

from django.apps import AppConfig


class BillingConfig(AppConfig):
    """Registers the tables of billing."""

    name = "milkrun.billing"
    label = "billing"

"""Django's registration of shipping."""

from django.apps import AppConfig


class ShippingConfig(AppConfig):
    """Registers the tables of shipping."""

    name = "milkrun.shipping"
    label = "shipping"

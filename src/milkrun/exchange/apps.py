"""Django's registration of exchange."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """Registers the tables of exchange."""

    name = "milkrun.exchange"
    label = "exchange"

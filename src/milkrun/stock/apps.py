"""Django's registration of stock."""

from django.apps import AppConfig


class StockConfig(AppConfig):
    """Registers the tables of stock."""

    name = "milkrun.stock"
    label = "stock"

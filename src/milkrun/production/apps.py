"""Django's registration of production."""

from django.apps import AppConfig


class ProductionConfig(AppConfig):
    """Registers the tables of production."""

    name = "milkrun.production"
    label = "production"

"""Django's registration of insight."""

from django.apps import AppConfig


class InsightConfig(AppConfig):
    """Registers the tables of insight."""

    name = "milkrun.insight"
    label = "insight"

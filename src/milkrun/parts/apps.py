"""Django's registration of parts."""

from django.apps import AppConfig


class PartsConfig(AppConfig):
    """Registers the tables of parts."""

    name = "milkrun.parts"
    label = "parts"

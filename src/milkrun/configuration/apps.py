"""Django's registration of the configuration."""

from django.apps import AppConfig


class ConfigurationConfig(AppConfig):
    """Registers the tables of the configuration."""

    name = "milkrun.configuration"
    label = "configuration"

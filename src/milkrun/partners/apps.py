"""Django's registration of partners."""

from django.apps import AppConfig


class PartnersConfig(AppConfig):
    """Registers the tables of partners."""

    name = "milkrun.partners"
    label = "partners"

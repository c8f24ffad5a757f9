"""Django's registration of the HTML door."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Registers the template tags and static files of the staff pages."""

    name = "milkrun.web"
    label = "web"

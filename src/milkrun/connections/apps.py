"""The app's name for Django."""

from django.apps import AppConfig


class ConnectionsConfig(AppConfig):
    """Webhooks, imports and the record of how connections do."""

    name = "milkrun.connections"
    label = "connections"

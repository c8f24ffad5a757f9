"""The app's name for Django."""

from django.apps import AppConfig


class PrintingConfig(AppConfig):
    """Printers, label templates and print jobs."""

    name = "milkrun.printing"
    label = "printing"

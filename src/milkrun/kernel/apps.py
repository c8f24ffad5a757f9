"""Django's registration of the kernel."""

from django.apps import AppConfig


class KernelConfig(AppConfig):
    """Registers the journal, request keys and number series."""

    name = "milkrun.kernel"
    label = "kernel"

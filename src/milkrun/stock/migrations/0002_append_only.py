"""Rows of the tables named here are never changed once written."""

from django.db import migrations

from milkrun.kernel.append_only import protect


class Migration(migrations.Migration):
    """Puts the append-only triggers on."""

    dependencies = [("stock", "0001_first")]

    operations = [protect("stock_posting", "stock_movement")]

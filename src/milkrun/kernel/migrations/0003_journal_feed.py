"""Let every writer of the journal say, until it ends, above which number it writes; its readers stop below."""

from django.db import migrations

from milkrun.kernel.horizon import mark_writers


class Migration(migrations.Migration):
    dependencies = [("kernel", "0002_append_only")]

    # 0x4D53, one above the class of the movement feed.
    operations = [mark_writers("kernel_journalentry", 19795)]

"""Load Django for a verb, and see that the database is there and of this version.

Nothing here is imported at module level from Django: `--help` must not wait for it.
"""

import os
from pathlib import Path

from milkrun.cli.ending import Ended


def load() -> None:
    """Read the settings and load the applications.

    Raises:
        Ended: the server is not installed, or a setting is wrong.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "milkrun.config.settings")
    try:
        import django
        from django.core.exceptions import ImproperlyConfigured
    except ModuleNotFoundError:
        raise Ended("server_not_installed", "This verb needs the server: pip install 'milkrun[server]'.") from None
    try:
        django.setup()
    except ImproperlyConfigured as wrong:
        raise Ended("wrong_setting", str(wrong)) from None
    except OSError as problem:
        raise Ended("data_folder", f"MILKRUN_HOME cannot be used: {problem}.") from None


def load_with_database() -> None:
    """Load Django and make sure that the database can be reached and is migrated.

    Raises:
        Ended: it cannot be reached, or `milkrun init` has to run first.
    """
    load()
    missing = missing_migrations()
    if missing:
        raise Ended(
            "not_migrated",
            f"The database lacks {missing} of this version's changes. Run: milkrun init",
        )


def missing_migrations() -> int:
    """Count the migrations that the database has not seen; all of them where there is no database file yet.

    Raises:
        Ended: the database does not answer.
    """
    from django.db import Error, connection
    from django.db.migrations.executor import MigrationExecutor
    from django.db.migrations.loader import MigrationLoader

    # Connecting would create an empty file.
    if connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).exists():
        return len(MigrationLoader(None).disk_migrations or {})
    try:
        executor = MigrationExecutor(connection)
        return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except Error as problem:
        first = str(problem).strip().splitlines() or ["no answer"]
        raise Ended("database_unreachable", f"{first[0].rstrip('.')}. Is it running, is DATABASE_URL right?") from None

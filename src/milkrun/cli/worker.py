"""`milkrun worker`: the background worker alone."""

import argparse
from pathlib import Path

from milkrun.cli.ending import ends_in_one_line
from milkrun.cli.loading import load_with_database


def configure(parser: argparse.ArgumentParser) -> None:
    """There is nothing to choose: settings come from the environment."""


@ends_in_one_line
def run(args: argparse.Namespace) -> int:
    """Work until SIGTERM or SIGINT."""
    load_with_database()
    from django.conf import settings

    from milkrun.jobs.worker import work

    work(Path(settings.MILKRUN_HOME))
    return 0

"""How the verbs of the server end: one sentence on stderr and an exit code, never a traceback.

The decorator also turns the product's own refusals, and a database that does not answer, into such a sentence.
"""

import argparse
import functools
import os
import sys
from collections.abc import Callable

Run = Callable[[argparse.Namespace], int]

NO, USAGE = 1, 2


class Ended(Exception):
    """Ends a verb: a code that scripts can compare, a sentence with the way out, and the exit code."""

    def __init__(self, code: str, sentence: str, exit_code: int = USAGE) -> None:
        super().__init__(f"milkrun: {code}: {sentence}")
        self.exit_code = exit_code


def ends_in_one_line(run: Run) -> Run:
    """Decorate a verb's `run`, so that whatever stops it is said in one line."""

    @functools.wraps(run)
    def answered(args: argparse.Namespace) -> int:
        try:
            code = run(args)
            sys.stdout.flush()
            return code
        except Ended as ended:
            return _say(str(ended), ended.exit_code)
        except KeyboardInterrupt:
            return 130
        except BrokenPipeError:
            # The reader has seen enough (`| head`); what is left in the buffer must not raise at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0
        except Exception as problem:
            known = _known(problem)
            if known is None:
                raise
            return _say(str(known), known.exit_code)

    return answered


def _say(line: str, exit_code: int) -> int:
    print(" ".join(line.split()), file=sys.stderr)
    return exit_code


def _known(problem: Exception) -> Ended | None:
    """Translate what the product or the database raises; None where it is a fault of the program."""
    if "milkrun.kernel.errors" in sys.modules:
        from milkrun.kernel.errors import Refusal

        if isinstance(problem, Refusal):
            return Ended(problem.code, problem.message, USAGE if problem.status in (404, 422) else NO)
    if "django.db" in sys.modules:
        from django.db import Error

        if isinstance(problem, Error):
            return Ended("database_failed", f"The database answers: {problem}")
    return None

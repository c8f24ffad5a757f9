"""The project keeps the house's rules, and each rule catches what it is there for."""

import pytest

from tests.house import rules
from tests.house.source import modules, parse

STOCK = "src/milkrun/stock/"
# rule, file, text that must be caught
OFFENCES = [
    (rules.states_move_in_the_machine, STOCK + "steps.py", "unit.state = 'packed'"),
    (rules.states_move_in_the_machine, STOCK + "steps.py", "unit.state: str = 'packed'"),
    (rules.states_move_in_the_machine, STOCK + "steps.py", "setattr(unit, 'state', 'packed')"),
    (rules.states_move_in_the_machine, STOCK + "steps.py", "Unit.objects.filter(pk=1).update(state='packed')"),
    (rules.states_move_in_the_machine, STOCK + "steps.py", "Unit.objects.bulk_update(units, ['state'])"),
    (rules.no_save_override, STOCK + "models.py", "class Lot:\n    def save(self): ..."),
    (rules.no_signals, STOCK + "apps.py", "from django.dispatch import receiver"),
    (rules.no_signals, STOCK + "apps.py", "from django.db.models.signals import post_save"),
    (rules.no_signals, "src/milkrun/web/apps.py", "import django.contrib.auth.signals"),
    (rules.no_clock_below_the_doors, STOCK + "steps.py", "at = datetime.now(UTC)"),
    (rules.no_clock_below_the_doors, STOCK + "steps.py", "at = datetime.datetime.now()"),
    (rules.no_clock_below_the_doors, STOCK + "models.py", "at = DateTimeField(default=timezone.now)"),
    (rules.no_clock_below_the_doors, STOCK + "models.py", "at = DateTimeField(auto_now_add=True)"),
    (rules.no_clock_below_the_doors, "src/milkrun/edi/ack.py", "day = date.today()"),
    (rules.no_clock_below_the_doors, "src/milkrun/kernel/lock.py", "t = time.time()"),
    (rules.no_clock_below_the_doors, STOCK + "steps.py", "from django.utils.timezone import now"),
    (rules.one_writer_of_the_ledger, STOCK + "commands/count.py", "Movement.objects.create(qty=1)"),
    (rules.one_writer_of_the_ledger, "src/milkrun/demo/stock.py", "Movement(qty=1)"),
    (rules.one_writer_of_the_ledger, STOCK + "commands/count.py", "Movement.objects.filter(qty=1).delete()"),
    (rules.one_writer_of_the_ledger, STOCK + "queries.py", "c.execute('INSERT INTO stock_movement VALUES (1)')"),
    (rules.no_vague_file_names, STOCK + "utils.py", ""),
    (rules.no_vague_file_names, "tests/helpers/stock.py", ""),
    (rules.apps_have_known_files, STOCK + "views.py", ""),
    (rules.apps_have_known_files, STOCK + "forms/count.py", ""),
    (rules.quantities_are_exact, STOCK + "steps.py", "qty = 0.5"),
    (rules.quantities_are_exact, STOCK + "steps.py", "qty = float(text)"),
    (rules.quantities_are_exact, STOCK + "models.py", "qty = models.DecimalField(max_digits=9)"),
    (rules.quantities_are_exact, "src/milkrun/kernel/fields.py", "def to_python(self, value: float) -> int: ..."),
    (rules.a_command_is_one_function, STOCK + "commands/count.py", "def tally(*, actor, at): ..."),
    (rules.a_command_is_one_function, STOCK + "commands/count.py", "@command\ndef count(lot, *, actor, at): ..."),
    (rules.a_command_is_one_function, STOCK + "commands/count.py", "@command\ndef count(*, lot): ..."),
    (rules.a_command_is_one_function, STOCK + "commands/count.py", "def count(*, actor, at): ..."),
    (
        rules.a_command_is_one_function,
        STOCK + "commands/count.py",
        "@command\ndef count(*, actor, at): ...\ndef b(): ...",
    ),
    (rules.doors_use_commands_and_queries, "src/milkrun/web/stock.py", "from milkrun.stock.models import Lot"),
    (rules.doors_use_commands_and_queries, "src/milkrun/cli/plan.py", "from milkrun.stock import steps"),
    (rules.doors_open_no_transactions, "src/milkrun/api/stock.py", "with transaction.atomic(): ..."),
    (rules.the_domain_does_not_know_the_web, STOCK + "queries.py", "from django.http import Http404"),
    (rules.queries_never_write, STOCK + "queries.py", "Lot.objects.create(number='1')"),
    (rules.queries_never_write, STOCK + "queries/lots.py", "Lot.objects.filter(pk=1).update(number='1')"),
    (rules.queries_never_write, STOCK + "queries.py", "Lot.objects.select_for_update().get()"),
    (rules.lists_page_by_key, "src/milkrun/web/lists.py", "from django.core.paginator import Paginator"),
    (rules.migrations_say_what_they_do, STOCK + "migrations/0002_auto_20260101.py", ""),
    (rules.refusals_speak_every_language, STOCK + "steps.py", "raise NotFound('This lot does not exist.')"),
    (rules.refusals_speak_every_language, STOCK + "steps.py", "raise stock.LotHeld(f'{lot} is held.', lot=1)"),
    (rules.refusals_speak_every_language, STOCK + "steps.py", "raise LotHeld(_('Held.') + ' Take another.')"),
    (
        rules.refusals_speak_every_language,
        STOCK + "steps.py",
        "raise LotHeld(' '.join(f'{x} is held.' for x in lots))",
    ),
    (rules.refusals_speak_every_language, STOCK + "steps.py", "raise LotHeld('{} is held.'.format(lot))"),
    (
        rules.refusals_speak_every_language,
        STOCK + "steps.py",
        "found.append(Problem('qty', f'{qty} is too much.'))",
    ),
    (
        rules.refusals_speak_every_language,
        "src/milkrun/web/a.py",
        "chosen.refuse(call, 'held', 'It is held.' or x)",
    ),
    (rules.tests_do_not_sleep_or_mock, "tests/stock/test_lots.py", "time.sleep(1)"),
    (rules.tests_do_not_sleep_or_mock, "tests/stock/test_lots.py", "from unittest.mock import patch"),
]
# rule, file, text that must pass
PROPER = [
    (rules.states_move_in_the_machine, "src/milkrun/kernel/machine.py", "row.state = after"),
    (
        rules.states_move_in_the_machine,
        STOCK + "steps.py",
        "Unit.objects.create(state='open')\nif unit.state == 'open': ...",
    ),
    (rules.no_clock_below_the_doors, "src/milkrun/api/stock.py", "at = datetime.now(UTC)"),
    (rules.one_writer_of_the_ledger, STOCK + "steps/posting.py", "Movement.objects.bulk_create([Movement(qty=1)])"),
    (rules.one_writer_of_the_ledger, STOCK + "queries.py", "Movement.objects.filter(qty=1).values()"),
    (rules.quantities_are_exact, "src/milkrun/web/charts.py", "share = 0.5"),
    (
        rules.a_command_is_one_function,
        STOCK + "commands/count.py",
        "@command\ndef count(*, lot, actor, at): ...\ndef _a(): ...",
    ),
    (rules.doors_use_commands_and_queries, "src/milkrun/web/stock.py", "from milkrun.stock.queries import lots"),
    (rules.queries_never_write, STOCK + "queries.py", "facts.update(lot=1)"),
]


def name_of(rule: rules.Rule) -> str:
    return rule.__name__


@pytest.mark.parametrize("rule", rules.RULES, ids=name_of)
def test_the_project_keeps_the_rule(rule: rules.Rule) -> None:
    files = [*modules("src/"), *modules("tests/"), *modules("tools/"), *modules("benchmarks/")]

    found = [offence for module in files for offence in rule(module)]

    assert not found, "\n".join(found)


@pytest.mark.parametrize(("rule", "path", "text"), OFFENCES)
def test_the_rule_catches_an_offence(rule: rules.Rule, path: str, text: str) -> None:
    found = list(rule(parse(path, text)))

    assert found, f"{rule.__name__} has not seen: {text}"


@pytest.mark.parametrize(("rule", "path", "text"), PROPER)
def test_the_rule_leaves_proper_code_alone(rule: rules.Rule, path: str, text: str) -> None:
    found = list(rule(parse(path, text)))

    assert not found


def test_every_rule_has_an_offence_that_it_catches() -> None:
    shown = {rule for rule, _, _ in OFFENCES}

    assert shown == set(rules.RULES)

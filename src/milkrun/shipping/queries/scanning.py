"""What a scan at picking means: the right place, the right item, the code of a handling unit."""

from django.utils.translation import gettext as _

from milkrun.kernel.errors import NotFound
from milkrun.measure.gs1 import read_sscc
from milkrun.parts.queries import number_key
from milkrun.shipping.errors import WrongItem, WrongLocation
from milkrun.shipping.models import PickTask
from milkrun.stock.models import Balance


def check_place(task: PickTask, scan: str) -> None:
    """Stop at a wrong place.

    Raises:
        WrongLocation: another place was scanned.
    """
    if scan.strip().upper() != task.from_location.code:
        raise WrongLocation(
            _("Stop: this is {scan}. Go to {code}.").format(scan=scan.strip()[:40], code=task.from_location.code),
            scanned=scan,
            expected=task.from_location.code,
        )


def check_item(task: PickTask, scan: str) -> None:
    """Stop at a wrong item: a handling unit by its code, goods by their part number, kept apart ones by their lot.

    Raises:
        WrongItem: something else was scanned.
    """
    right, wanted = (
        (_is_unit(task, scan), str(task.hu)) if task.balance is None else _is_goods(task, task.balance, scan)
    )
    if not right:
        raise WrongItem(
            _("Stop: {scan} is not what is picked here. Take {wanted}.").format(scan=scan.strip()[:60], wanted=wanted),
            scanned=scan,
            expected=wanted,
        )


def _is_unit(task: PickTask, scan: str) -> bool:
    return read_sscc(scan) == str(task.hu)


def _is_goods(task: PickTask, balance: Balance, scan: str) -> tuple[bool, str]:
    key = number_key(scan)
    by_part = key in {
        number_key(balance.part.number),
        number_key(task.component.customer_part_no if task.component else ""),
    }
    if balance.lot is None:
        return by_part, balance.part.number
    others = Balance.objects.filter(
        site_id=balance.site_id, part_id=balance.part_id, location_id=balance.location_id, on_hand__gt=0
    ).exclude(pk=balance.pk)
    right = key == number_key(balance.lot.number) or (by_part and not others.exists())
    return right, f"lot {balance.lot.number} of {balance.part.number}"


def task_for_scan(site_id: int, public_id: str) -> PickTask:
    """Load a task to compare scans with.

    Raises:
        NotFound: there is none at this site.
    """
    rows = PickTask.objects.filter(site_id=site_id, public_id=public_id)
    found = rows.select_related("from_location", "hu", "balance__part", "balance__lot", "component").first()
    if found is None:
        raise NotFound(_("This task does not exist at this site."), task_id=public_id)
    return found

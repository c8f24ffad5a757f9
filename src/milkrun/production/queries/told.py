"""Jobs as events tell of them."""

from collections.abc import Iterable

from milkrun.production.models import Job


def jobs_told(ids: Iterable[int]) -> dict[int, dict[str, object]]:
    """Describe jobs by their key, as they stand now."""
    rows = Job.objects.filter(pk__in=list(ids)).select_related("site")
    return {
        row.pk: {"site": row.site.code, "job_id": row.public_id, "number": row.number, "state": row.state}
        for row in rows
    }

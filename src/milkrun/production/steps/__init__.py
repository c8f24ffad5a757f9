"""Writes of production, for use inside a command's transaction."""

from milkrun.production.steps.closing import hold_jobs, let_go, live_jobs
from milkrun.production.steps.ending import end_job
from milkrun.production.steps.following import follow_up, note_on_groups
from milkrun.production.steps.making import NewJob, NewLine, make_job, signal_of_calls
from milkrun.production.steps.posting import post_confirmation, reverse_confirmation
from milkrun.production.steps.releasing import JobMade, release_groups
from milkrun.production.steps.reporting import JobReport, keep_report, refuse_impossible
from milkrun.production.steps.telling import tell_missing, tell_moved

__all__ = [
    "JobMade",
    "JobReport",
    "NewJob",
    "NewLine",
    "end_job",
    "follow_up",
    "hold_jobs",
    "keep_report",
    "let_go",
    "live_jobs",
    "make_job",
    "note_on_groups",
    "post_confirmation",
    "refuse_impossible",
    "release_groups",
    "reverse_confirmation",
    "signal_of_calls",
    "tell_missing",
    "tell_moved",
]

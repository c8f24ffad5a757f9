"""Reads of printing: printers, templates, print jobs, and what a handling unit's label says."""

from milkrun.printing.queries.jobs import (
    JobRow,
    PrinterRow,
    job,
    jobs,
    jobs_of_unit,
    printer_id,
    printers,
    trouble,
)
from milkrun.printing.queries.layouts import (
    TemplateRow,
    Version,
    customers_template,
    layout_for,
    template_titles,
    templates,
    versions,
)
from milkrun.printing.queries.unit_labels import LastLabel, fitting_template, label_units, last_labels, unit_data

__all__ = [
    "JobRow",
    "LastLabel",
    "PrinterRow",
    "TemplateRow",
    "Version",
    "customers_template",
    "fitting_template",
    "job",
    "jobs",
    "jobs_of_unit",
    "label_units",
    "last_labels",
    "layout_for",
    "printer_id",
    "printers",
    "template_titles",
    "templates",
    "trouble",
    "unit_data",
    "versions",
]

"""Labels: one layout becomes PDF, PNG or ZPL.

A layout is an ordered list of fields: kind, place in millimetres, size, source, rotation. A source is a name of a
closed list, never a template language. `place` turns a layout and the data into a scene; the three writers draw that
same scene, in whole printer dots, so that what is previewed is what is printed.
"""

from milkrun.labels.layout import Field, Layout, NotALayout, layout_from, layout_problems, plain
from milkrun.labels.pdf import write_pdf
from milkrun.labels.placing import Scene, place
from milkrun.labels.png import write_png
from milkrun.labels.shipped import shipped, shipped_names
from milkrun.labels.sources import SAMPLES, SOURCES, data_problems, values
from milkrun.labels.zpl import write_zpl

__all__ = [
    "SAMPLES",
    "SOURCES",
    "Field",
    "Layout",
    "NotALayout",
    "Scene",
    "data_problems",
    "layout_from",
    "layout_problems",
    "place",
    "plain",
    "shipped",
    "shipped_names",
    "values",
    "write_pdf",
    "write_png",
    "write_zpl",
]

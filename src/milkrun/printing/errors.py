"""What printing refuses, with codes."""

from milkrun.kernel.errors import Conflict, Invalid, NotFound, Refused


class UnknownPrinter(NotFound):
    """The site has no such printer, or it is switched off."""

    code = "unknown_printer"


class UnknownTemplate(NotFound):
    """There is no label template of this name."""

    code = "unknown_template"


class NotPrintable(Invalid):
    """The layout of a label has mistakes; every one is listed."""

    code = "not_printable"


class TemplateChanged(Conflict):
    """Somebody else saved this template meanwhile."""

    code = "template_changed"


class MayBePrinted(Refused):
    """The label came out, or may have come out: print it again as a numbered copy."""

    code = "may_be_printed"


class PrintingNow(Conflict):
    """The label is being handed to a printer at this moment."""

    code = "printing_now"


class NewerLabel(Refused):
    """A newer label was printed for this handling unit; the old one would be a second of the same number."""

    code = "newer_label"

"""The guided tour of the demo: the sixteen steps from a customer's call to the sent invoice, each in its role.

The texts are data, like those of the guide; what was done already is told by `insight.queries.tour`.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from milkrun.web.words import Word


@dataclass(frozen=True, slots=True)
class Step:
    """A step: whose it is, where it is done, and what to do there; `key` is what the progress is told by."""

    key: str
    title: Word
    role: str
    place: str
    todo: Word
    query: str = ""


STEPS = (
    Step("calls", _("Create, manage and monitor calls"), "material_planner", "calls",
         _("Press the button below: the customer's files arrive, and a few seconds later the monitor shows two vehicles and two calls by "
           "quantity. Open DON4712: part 5N0 881 999 Z is not known. Make this part known with our number HEAD-999Z and a price.")),
    Step("release", _("Release calls to production"), "production_planner", "calls",
         _("Choose the two vehicles, DON4712 and DON4713, and press Release. What stock covers is ready at once; for the rest jobs are made."),
         "?text=CALL000201"),
    Step("confirm", _("Confirm production"), "operator", "jobs",
         _("Open the jobs of the two vehicles and of DON4712 and press Confirm.")),
    Step("reprocess", _("Reprocess a failed stock posting"), "supervisor", "failed_postings",
         _("One posting waits: caps are missing at the line. Follow the link to the part, move 100 from RAW to LINE1, come back and press "
           "Retry.")),
    Step("release_packing", _("Release for packing"), "shipping", "calls",
         _("Choose the two vehicles and DON4712 among the calls that are ready and press Release for packing."), "?state=ready"),
    Step("pack", _("Confirm packing"), "packer", "packing",
         _("Open rack SV 11. Type 5N0 881 106 D and Enter, as a scanner would: it stops you. Then 5N0 881 105 A, 5N0 881 106 B, "
           "5N0 881 105 A. In the load of DON4712: 5N0 881 105 A, then HEAD-999Z.")),
    Step("delivery", _("Create a delivery from calls of both kinds"), "shipping", "calls",
         _("Choose the two vehicles and DON4712 among the packed calls and press Create delivery."), "?state=packed"),
    Step("split", _("Split the delivery; the calls follow"), "shipping", "calls",
         _("Open DON4712 and, from it, its delivery. Choose the unit with HEAD-999Z and put it on a delivery of its own: the call leads there "
           "now."), "?text=DON4712"),
    Step("reorder", _("Order a damaged part again"), "material_planner", "calls",
         _("Open a call that has left, open Order parts again, choose a part and say what happened: a call of its own is made and marked "
           "urgent. Before delivery the packer does the same at the slot, and the successor keeps the place in the sequence."),
         "?state=issued"),
    Step("units", _("Make a handling unit and print its label"), "shipping", "handling_units",
         _("Make a pallet at PACK. On its page, print its label as PDF: the number on it is the one in stock, on the papers and in the notice.")),
    Step("warehouse", _("Let the warehouse pick a call by quantity"), "shipping", "picking",
         _("Under Where summarised calls are picked, set Picked in the warehouse for OEM01. Then make a wave of DON4713.")),
    Step("pick", _("Pick"), "storekeeper", "picking",
         _("Open the wave, press Start walking and answer what it asks: the place FG, the part CUSH-121A, the quantity 12.")),
    Step("issue", _("Post the goods issue"), "shipping", "calls",
         _("Put DON4713 on a delivery: choose it and press Create delivery. Then open each of the three deliveries, press Pick all where it is "
           "offered, and Post goods issue: stock leaves, the calls say issued."), "?text=DON4713"),
    Step("notice", _("Send the advance shipping notice"), "shipping", "calls",
         _("It left with the goods issue. Open DON4712 and its delivery: What the customer was told shows the DESADV, its units and that it "
           "was sent."), "?state=issued&text=DON4712"),
    Step("bill", _("Create the invoices"), "billing", "billing",
         _("Press Bill for each delivery: the calls are completed.")),
    Step("invoice", _("Send the invoices"), "billing", "invoices",
         _("They left with the billing. Open one: it shows the INVOIC and its state; the PDF stands beside it.")),
)  # fmt: skip

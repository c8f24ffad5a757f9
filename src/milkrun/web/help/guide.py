"""The texts of the guide: what changes for each role, questions that come first, and what every measure means.

They are data, so that the page is short and the translation sees every sentence by itself. The questions are those that
people ask before they begin; the answers say what Milkrun does about them today.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from milkrun.web.words import Word


@dataclass(frozen=True, slots=True)
class RoleGuide:
    """What one role finds new: what it no longer does, what it does instead, what it must never do."""

    role: str
    before: Word
    now: Word
    never: Word


@dataclass(frozen=True, slots=True)
class Answer:
    """A question with its answer."""

    question: Word
    answer: Word


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure: its name, how it is reckoned, and what it is good for."""

    name: Word
    formula: Word
    use: Word


ROLES = (
    RoleGuide("material_planner",
              _("You planned from a forecast and held stock against its errors."),
              _("The customer's call is the plan. You watch what must move now, decide what is short, late or changed, and tell the "
                "customer early when a date cannot be kept."),
              _("Never keep a call back in a spreadsheet: what is not in the monitor is not made.")),
    RoleGuide("production_planner",
              _("You filled machines for the week and pushed batches into stock."),
              _("A job exists because a signal asks for it. You release in the customer's order, look at the load of each work centre "
                "and move what would overload it."),
              _("Never make more than the signal asks to keep a machine busy.")),
    RoleGuide("operator",
              _("You reported a batch at the end of the shift."),
              _("You confirm as you make, good and scrap: the next step sees it at once, and stock is right while you work."),
              _("Never confirm ahead of the part.")),
    RoleGuide("supervisor",
              _("You looked for lost pieces and corrected stock at the end of the month."),
              _("A posting that fails stands in your list with its cause. You mend the cause and try again; nothing is posted twice."),
              _("Never correct stock by hand for a posting that only waits.")),
    RoleGuide("packer",
              _("You packed from a paper list and checked at the end."),
              _("Each part is scanned into its slot in the customer's sequence. A wrong scan stops you, before the customer's line does."),
              _("Never pack on after a stop.")),
    RoleGuide("storekeeper",
              _("You put goods where there was room and searched for them later."),
              _("Every place has a code. You scan what arrives, put it where the page says, and send straight on what somebody waits for."),
              _("Never move a pallet without a scan.")),
    RoleGuide("shipping",
              _("You loaded what was ready and wrote the papers afterwards."),
              _("Trucks leave by the clock. The board shows what is missing for each; the goods issue, the papers and the notice are one press."),
              _("Never let a truck leave before its goods issue: the customer plans with the notice.")),
    RoleGuide("billing",
              _("You collected delivery notes and typed invoices."),
              _("What has left waits for you with its price. The calls are completed by the bill."),
              _("Never bill what has not left.")),
    RoleGuide("admin",
              _("Each change of a rule was a project."),
              _("Roles, words, fields, numbers and automatic steps are set under Set-up, and every change has a name and a time."),
              _("Never share a sign-in: who did what would be lost.")),
)  # fmt: skip

TEAMS = (
    (_("Sales"), _("Promise a date only with the lead time and the load in view; a change of a customer's plan is told the same day.")),
    (_("Purchasing"), _("Order small and often, confirm dates, and chase what is late before it is missed.")),
    (_("Production"), _("Tell a change of the schedule at once; setting up quickly is worth more than running long.")),
    (_("Finance"), _("Expect less cash in stock and more, smaller orders; judge the sum of both, and pay so that suppliers stay reliable.")),
)  # fmt: skip

QUESTIONS = (
    Answer(_("What is just-in-time inventory and how does it work?"),
           _("Goods arrive or are made when a customer needs them, not in advance. Each step is pulled by a signal of the next one: the "
             "customer's call asks for a delivery, the delivery for packing, packing for production, production for material. Stock stays "
             "where it protects a promise, and nowhere else.")),
    Answer(_("What are the main benefits?"),
           _("Less money and space in stock, less that expires or becomes obsolete, faults found while they are few, and a faster answer "
             "to change. How much you gain depends on your items: measure before you begin, and compare.")),
    Answer(_("Which measures should I watch?"),
           _("Inventory turnover, days of inventory, order fulfilment, on-time delivery of suppliers, stockouts, carrying cost, variation of "
             "lead times and the error of the forecast. Each is explained below. Watch fulfilment first: it tells when stock was cut too far.")),
    Answer(_("What are the risks?"),
           _("A late supplier, a jump of demand or a bad lot stops the line sooner when there is little stock. Keep stock where a stop is "
             "dear and supply is uncertain, have a second source for what matters, and let alerts tell you early.")),
    Answer(_("How do I start?"),
           _("With one line of parts whose demand is even and whose suppliers are reliable. Write down how you stand today, bring the calls and "
             "the stock into Milkrun, lower the stock step by step while fulfilment holds, and keep what you learn for the next line.")),
)  # fmt: skip

MEASURES = (
    Measure(_("Inventory turnover"), _("cost of goods sold ÷ average inventory value"), _("How often a year stock is used and replaced.")),
    Measure(_("Days of inventory"), _("365 ÷ turnover"), _("How many days of use lie in stock on average.")),
    Measure(_("Order fulfilment"), _("orders complete and on time ÷ all orders"), _("Whether less stock costs service.")),
    Measure(_("On-time delivery of suppliers"), _("receipts within the agreed window ÷ all receipts"), _("Whether supply can be relied on.")),
    Measure(_("Stockouts"), _("events with due demand unmet, and how long each lasted"), _("What was promised and could not be given.")),
    Measure(_("Carrying cost"), _("space, insurance, losses and capital a year ÷ average inventory value"), _("What a year of stock costs.")),
    Measure(_("Variation of lead time"), _("standard deviation of the days from order to receipt"), _("How much stock uncertainty needs.")),
    Measure(_("Error of the forecast"), _("mean of |actual − forecast| ÷ actual, periods without demand left out"), _("How well demand is known.")),
    Measure(_("Touchless share"), _("steps done without a person ÷ all steps, last 7 days"), _("How much runs by itself.")),
    Measure(_("Coverage"), _("stock on hand ÷ average use a day"), _("How many days stock lasts.")),
    Measure(_("Dwell time"), _("days from receipt to issue, first in first out"), _("How long goods stand.")),
    Measure(_("Time left"), _("required time − now, in the customer's zone"), _("What must move now.")),
    Measure(_("Load"), _("minutes of open jobs ÷ minutes of the work centre in the week"), _("Whether a date can be promised.")),
    Measure(_("Data lag"), _("time recorded − time of the event"), _("How old what you see is.")),
)  # fmt: skip

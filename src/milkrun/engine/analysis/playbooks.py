"""What to do about a figure: steps in the order in which they are worth trying."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Playbook:
    """A name and its steps."""

    title: str
    steps: tuple[str, ...]


PLAYBOOKS: Mapping[str, Playbook] = {
    "turnover": Playbook("Stock turns too slowly", (
        "See whether few items cause it: the ten largest excesses stand under overstock.",
        "For each of them test three causes: demand fell, orders grew, or the supplier's minimum is more than is needed.",
        "Where demand fell: lower the reorder point to the one shown for the item.",
        "Where the minimum is the cause: negotiate it with the price of the minimum order.",
        "Order smaller lots more often where the readiness says kanban or just-in-time.",
    )),
    "dead": Playbook("Stock that nobody asks for", (
        "Stop every open order of the item.",
        "Ask sales and service whether anybody still needs it; keep what a contract demands, with a name and a date.",
        "Offer it back to the supplier, then to customers at a price, then to a dealer.",
        "Write off what is left, and free the place.",
    )),
    "overstock": Playbook("More than the demand of lead time and review needs", (
        "Cancel or move open orders until the stock is down to the target shown.",
        "Set the reorder point and the order quantity shown, so that it does not come back.",
        "Where the stock lasts for more than half a year, treat what is beyond that as slow stock: price, return, transfer.",
    )),
    "safety": Playbook("Less safety stock, step by step", (
        "Take a step of 10 to 20 % on items whose demand is even and whose supplier is reliable; smaller steps elsewhere.",
        "Watch order fulfilment each day for one lead time and one review, at least four weeks.",
        "Take the next step only if it held; go back at the first breach.",
    )),
    "lots": Playbook("Smaller orders, more often", (
        "Ask the supplier for weekly deliveries against a blanket order, at the same price for the year's quantity.",
        "Bring the cost of an order down: call-off without paper, one delivery for several items, labels by the supplier.",
        "Start with the items in this list, and compare stock and fulfilment after eight weeks.",
    )),
    "minimum": Playbook("A minimum order that is larger than the need", (
        "Show the supplier what the minimum costs you a year beyond the best order quantity.",
        "Ask for the minimum over several items or over the year instead of for each order.",
        "Compare another supplier with smaller lots by total cost.",
    )),
    "suppliers": Playbook("Late or unsteady deliveries", (
        "Talk to the supplier about the lines that were late, with dates, before a limit is crossed.",
        "Agree a delivery window and a notice before shipping.",
        "Until it holds, size buffers by the lead time that nine of ten deliveries stay within.",
        "Add a second source for what must not run out.",
    )),
    "quality": Playbook("Rejected goods", (
        "Show the supplier the rejects by order, and ask for the cause and its removal.",
        "Agree that rejects are replaced within the lead time and credited.",
        "Inspect on arrival until ten deliveries in a row are good; then by sample.",
    )),
    "price": Playbook("What was negotiated but not everywhere", (
        "See which orders went out at list price though a price was agreed.",
        "Put the agreed price into the order system.",
    )),
    "stockouts": Playbook("Items that run out", (
        "See whether few items or one supplier cause it.",
        "For each: was demand unusual, was the delivery late, or was the reorder point too low?",
        "Raise the reorder point of the third kind to the one shown; size by the lead time of nine of ten for the second.",
    )),
    "fulfilment": Playbook("Orders late or incomplete", (
        "Look at the orders missed: short or late?",
        "Short: see the stockouts of these items. Late: see where orders wait, in picking, in packing, for a truck.",
        "Promise what can be kept: by the stock there and the lead time of nine of ten.",
    )),
    "carrying": Playbook("What stock costs", (
        "Replace the assumed rate by yours: interest, rent, insurance, losses of the last year.",
        "Lower the variable part by the list of overstock and dead stock.",
        "The fixed part falls only when space is given up or used for something else.",
    )),
    "forecast": Playbook("Demand that is hard to foresee", (
        "Judge by WAPE and bias where demand is intermittent.",
        "Tell the forecast what you know: promotions, launches, ends, customers' plans.",
        "Where it stays above 40 %: make to order, or keep stock by service level.",
    )),
}  # fmt: skip

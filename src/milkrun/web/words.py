"""The words and shapes of the interface: one word a state, never colour alone.

A tone is one of the five of the design (ok, watch, act, over, none) plus "step" for a plain place on the path.
"""

import time

from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from milkrun.configuration import queries as configuration

Word = str | Promise  # lazy translations behave as text

# state -> (tone, word), by noun
STATES: dict[str, dict[str, tuple[str, Word]]] = {
    "call": {
        "created": ("step", _("New")),
        "released": ("step", _("Released")),
        "ready": ("step", _("Ready to pack")),
        "in_packing": ("step", _("In packing")),
        "packed": ("step", _("Packed")),
        "on_delivery": ("step", _("On delivery")),
        "issued": ("step", _("Issued")),
        "billed": ("step", _("Billed")),
        "completed": ("ok", _("Completed")),
        "cancel_requested": ("watch", _("Cancel asked")),
        "cancelled": ("none", _("Cancelled")),
    },
    "job": {
        "open": ("step", _("Open")),
        "paused": ("watch", _("Paused")),
        "done": ("ok", _("Done")),
        "closed": ("none", _("Closed")),
        "cancelled": ("none", _("Cancelled")),
    },
    "posting": {
        "pending": ("watch", _("Waiting")),
        "posted": ("ok", _("Posted")),
        "failed": ("act", _("Failed")),
        "reversed": ("none", _("Taken back")),
    },
    "rack": {
        "planned": ("step", _("Planned")),
        "packing": ("step", _("Packing")),
        "closed": ("ok", _("Closed")),
        "issued": ("ok", _("Issued")),
    },
    "print_job": {
        "queued": ("watch", _("Waiting")),
        "sent": ("ok", _("Printed")),
        "failed": ("act", _("Not printed")),
    },
    "slot": {"empty": ("none", _("Empty")), "in_packing": ("step", _("To pack"))},
    "unit": {
        "open": ("step", _("Open")),
        "closed": ("step", _("Closed")),
        "picked": ("ok", _("Picked")),
        "issued": ("ok", _("Issued")),
        "rejected": ("act", _("Rejected")),
        "emptied": ("none", _("Emptied")),
    },
    "delivery": {
        "open": ("step", _("Open")),
        "picked": ("step", _("Picked")),
        "issued": ("ok", _("Issued")),
        "billed": ("ok", _("Billed")),
        "cancelled": ("none", _("Cancelled")),
    },
    "lot": {
        "free": ("ok", _("Free")),
        "quarantine": ("watch", _("Quarantine")),
        "blocked": ("act", _("Blocked")),
    },
    "wave": {"open": ("step", _("Open")), "done": ("ok", _("Done")), "cancelled": ("none", _("Given up"))},
    "task": {
        "open": ("step", _("To pick")),
        "picked": ("ok", _("Picked")),
        "short": ("act", _("Short")),
        "cancelled": ("none", _("Cancelled")),
    },
    "interchange": {
        "stored": ("watch", _("Waiting")),
        "processed": ("ok", _("Processed")),
        "rejected": ("act", _("Refused")),
        "quarantined": ("act", _("Quarantined")),
    },
    "verdict": {
        "accepted": ("ok", _("Accepted")),
        "accepted_with_errors": ("watch", _("Accepted with errors")),
        "rejected": ("act", _("Rejected")),
        "duplicate": ("watch", _("Duplicate")),
    },
    "message": {
        "waiting": ("watch", _("Waiting")),
        "taken": ("ok", _("Taken over")),
        "failed": ("act", _("Failed")),
        "ignored": ("none", _("Ignored")),
    },
    "outbox": {
        "queued": ("watch", _("Waiting to be sent")),
        "sent": ("ok", _("Sent")),
        "acknowledged": ("ok", _("Acknowledged")),
        "rejected": ("act", _("Rejected")),
        "held": ("act", _("Held")),
    },
    "invoice": {"issued": ("ok", pgettext_lazy("invoice", "Issued")), "cancelled": ("none", _("Cancelled"))},
    "copy": {
        "queued": ("watch", _("Waiting to be sent")),
        "sent": ("ok", _("Delivered")),
        "read": ("ok", _("Read")),
        "held": ("act", _("Held")),
        "no_address": ("none", _("No address for this")),
    },
    "webhook": {
        "active": ("ok", _("Active")),
        "paused": ("none", _("Paused")),
        "disabled": ("act", _("Switched off")),
    },
    "purchase_order": {
        "open": ("step", _("Open")),
        "received": ("ok", _("Received")),
        "closed": ("none", _("Closed")),
    },
    "count": {"open": ("step", _("Open")), "closed": ("none", _("Closed"))},
    "count_line": {
        "open": ("step", _("To count")),
        "agreed": ("ok", _("Agrees")),
        "differs": ("watch", _("Differs")),
        "posted": ("ok", _("Posted")),
        "taken_back": ("none", _("Taken back")),
    },
    "indicator": {
        "none": ("none", _("Not yet")),
        "matched": ("ok", _("Matched")),
        "unmatched": ("act", _("Not matched")),
        "not_needed": ("none", _("Not needed")),
        "planned": ("step", _("Planned")),
        "confirmed": ("ok", _("Confirmed")),
        "posted": ("ok", _("Posted")),
        "failed": ("act", _("Failed")),
        "released": ("step", _("Released")),
        "packed": ("ok", _("Packed")),
        "open": ("step", _("Open")),
        "short": ("act", _("Short")),
        "picked": ("ok", _("Picked")),
        "created": ("ok", _("Created")),
        "issued": ("ok", _("Issued")),
        "reversed": ("watch", _("Reversed")),
        "announced": ("ok", _("Announced")),
        "withdrawn": ("watch", _("Withdrawn")),
        "billed": ("ok", _("Billed")),
    },
}

INDICATORS = {
    "matching": _("Matching"),
    "production": _("Production"),
    "stock_posting": _("Stock posting"),
    "packing": _("Packing"),
    "picking": _("Picking"),
    "delivery": _("Delivery"),
    "issue": _("Goods issue"),
    "asn": _("ASN"),
    "billing": _("Billing"),
}
PICKING_MODES = {
    "station": _("at the packing station"),
    "warehouse": _("by waves in the warehouse"),
    "external": _("by an external warehouse system"),
}
# what asks for a job
SIGNALS = {
    "call": _("Call"),
    "release": _("Customer release"),
    "kanban": _("Kanban card"),
    "buffer": _("Buffer"),
    "stock": _("Stock target"),
    "repetitive": _("Line report"),
    "manual": _("By hand"),
}
KINDS = {"summarized": _("Summarised"), "sequenced": _("Sequenced")}
HIT_KINDS = {
    "call": _("Call"),
    "part": _("Part"),
    "handling_unit": _("Handling unit"),
    "rack": _("Rack"),
    "delivery": _("Delivery"),
    "job": _("Job"),
    "invoice": _("Invoice"),
}
ROLES = {
    "material_planner": _("Material planner"),
    "production_planner": _("Production planner"),
    "operator": _("Operator"),
    "supervisor": _("Supervisor"),
    "storekeeper": _("Storekeeper"),
    "packer": _("Packer"),
    "shipping": _("Shipping"),
    "billing": _("Billing"),
    "admin": _("Administrator"),
    "auditor": _("Auditor"),
}
VIA = {
    "web": _("on screen"),
    "api": _("by API"),
    "edi": _("by EDI"),
    "cli": _("by command line"),
    "demo": _("demo data"),
    "worker": _("automatic"),
    "portal": _("in the portal"),
    "manual": _("typed by hand"),
    "csv": _("by table"),
}
NOTIFICATION_KINDS = {
    "alert": _("Alert"),
    "call_received": _("Call received"),
    "call_changed": _("Call changed"),
    "call_refused": _("Call refused"),
    "call_cancelled": _("Call cancelled"),
    "cancel_declined": _("Cancellation declined"),
    "promise_moved": _("Promised time moved"),
    "job_moved": _("Job moved"),
    "job_ended": _("Job ended early"),
    "call_short": _("Call short"),
    "delivery_issued": _("Delivery has left"),
    "delivery_reversed": _("Delivery withdrawn"),
    "invoice_issued": _("Invoice"),
    "invoice_cancelled": _("Invoice cancelled"),
    "credit_note_issued": _("Credit note"),
    "order_changed": _("Order changed"),
    "cancel_requested": _("Cancellation asked"),
    "delivery_changed": _("Delivery changed"),
}
GROUPINGS = {
    "delivery": _("One for each delivery"),
    "day": _("One a day"),
    "week": _("One a week"),
    "order": _("One for each order"),
}
BILLING_CHANNELS = {
    "edi": _("INVOIC by EDI"),
    "ubl": _("UBL 2.1 (EN 16931)"),
    "email": _("PDF by e-mail"),
    "self_billing": _("None: the customer bills itself"),
}
TOLD_STATES = {
    "": _("All"),
    "held": _("Held"),
    "waiting": _("Waiting to be sent"),
    "delivered": _("Delivered, not read"),
    "read": _("Read"),
    "no_address": _("No address for this"),
}
# what became of one call of a selection
OUTCOMES = {
    "cancelled": _("Cancelled"),
    "requested": _("Waiting for a decision"),
    "unchanged": _("Unchanged"),
    "refused": _("Refused"),
    "created": _("Created"),
    "updated": _("Updated"),
    "held": _("On hold"),
    "resumed": _("Resumed"),
    "released": _("Released"),
    "expedited": _("Expedited"),
    "rescheduled": _("Time changed"),
    "asked": _("Waiting for a decision"),
    "declined": _("Declined"),
    "moved": _("Moved"),
    "skipped": _("Number skipped"),
    "reordered": _("Ordered again"),
}
GAP_RULES = {"none": _("Is not looked at"), "warn": _("Is warned of"), "block": _("Holds what is behind it")}
GAP_STEPS = {
    "release_rule": _("A gap at the release"),
    "packing_rule": _("A gap at packing"),
    "gap_rule": _("A gap when a delivery is made"),
    "issue_rule": _("A gap at the goods issue"),
}
CHANGE_RULES = {
    "allow": _("Is taken over at once"),
    "ask": _("Waits for a planner"),
    "refuse": _("Is refused"),
}
STATUS_ACTIONS = {
    "call": _("Calls, as any other"),
    "cancel": _("Cancels the call"),
    "skip": _("The number never comes"),
    "hold": _("Holds the call"),
    "resume": _("Lets the call go on"),
    "reorder": _("Orders the parts again"),
    "ignore": _("Is not looked at"),
}
NOUNS = {
    "call": _("call"),
    "component_group": _("component group"),
    "component": _("component"),
    "packing_group": _("rack"),
    "job": _("job"),
    "job_line": _("job line"),
    "confirmation": _("confirmation"),
    "delivery": _("delivery"),
    "invoice": _("invoice"),
    "part": _("part"),
    "partner": _("partner"),
    "rack": _("rack"),
    "unit": _("handling unit"),
    "outbox": _("file to a partner"),
    "wave": _("wave"),
    "run": _("production run"),
}
FIELDS = {
    "text": _("Text"),
    "number": _("Number"),
    "date": _("Date"),
    "choice": _("Choice"),
    "yes_no": _("Yes or no"),
}
VIEWS = {
    "view_calls": _("See calls"),
    "view_jobs": _("See jobs"),
    "view_packing": _("See packing"),
    "view_deliveries": _("See deliveries"),
    "view_stock": _("See stock"),
    "view_messages": _("See messages"),
    "view_billing": _("See billing"),
    "view_alerts": _("See alerts"),
    "view_connections": _("See connections"),
    "view_analysis": _("See the analysis"),
    "view_setup": _("See the set-up"),
}
METHODS = {
    "none": _("no method yet"),
    "mto": _("made to order"),
    "drop_ship": _("sent by the supplier to the customer"),
    "jit": _("called off just in time"),
    "kanban": _("kanban"),
    "ddmrp": _("buffer"),
    "reorder_point": _("reorder point"),
    "vmi": _("kept by the supplier"),
    "crp": _("replenished by consumption"),
    "consignment": _("consignment"),
    "jic": _("just in case"),
}
COMPARISONS = {"below": _("below"), "above": _("above")}
MEASURES = {
    "minutes": _("minutes"),
    "quantity": _("units of the part"),
    "count": _("number"),
    "days": _("days"),
    "percent": _("percent"),
    "takts": _("calls missed"),
}
WEEKDAYS = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))
HORIZONS = {
    "overdue": _("overdue"),
    "4 h": _("in 4 h"),
    "24 h": _("in 24 h"),
    "3 d": _("in 3 days"),
    "7 d": _("in 7 days"),
    "all": _("at all"),
}
# state of a call -> what is done next
NEXT_STEPS = {
    "created": _("Release"),
    "released": _("Make"),
    "ready": _("Release for packing"),
    "in_packing": _("Pack"),
    "packed": _("Create delivery"),
    "on_delivery": _("Load and send"),
    "cancel_requested": _("Decide"),
}
# show, whose, word
ALERT_TABS = (
    ("open", "mine", _("Mine")),
    ("open", "all", _("Everybody's")),
    ("snoozed", "all", _("Asleep")),
    ("closed", "all", _("Closed")),
)
PLACES = {
    "storage": _("Bin"),
    "line": _("Line side"),
    "packing": _("Packing"),
    "dock": _("Dock"),
    "staging": _("Receiving"),
    "quarantine": _("Quarantine"),
}
CAUSES = {
    "damaged": _("Damaged"),
    "obsolete": _("Obsolete"),
    "expired": _("Expired"),
    "unsold": _("Unsold"),
}
STAGES = {
    "coming": _("Coming"),
    "active": _("In use"),
    "ending": _("Ending"),
    "obsolete": _("Obsolete"),
}
VERDICTS = {
    "release": _("Released: the goods may be put away and used."),
    "return": _("Posted back to the supplier."),
    "scrap": _("Scrapped and written off."),
}
# what happened, as the history tells it
HAPPENED = {
    "receive_jit_call": _("Call received"),
    "update_call": _("Call changed"),
    "accept_change": _("Change accepted"),
    "decline_change": _("Change declined"),
    "supersede_change": _("Change replaced by a newer one"),
    "resequence_call": _("Moved in the sequence"),
    "refuse_change": _("Change by the customer refused"),
    "reprocess_call": _("Matched again"),
    "release_call": _("Released to production"),
    "warn_of_gap": _("Released with a gap before it"),
    "reserve_stock": _("Stock reserved"),
    "create_job": _("Job made"),
    "start_job": _("Job started"),
    "pause_job": _("Job paused"),
    "close_job": _("Job closed"),
    "cancel_job": _("Job cancelled"),
    "reschedule_job": _("Job moved"),
    "promise_moved": _("Promise moved"),
    "confirm_step": _("Step confirmed"),
    "report_production": _("Production reported"),
    "reverse_confirmation": _("Confirmation taken back"),
    "assign_posting": _("Posting given to an owner"),
    "keep_refused_report": _("Report of another system refused"),
    "settle_refused_report": _("Refused report settled"),
    "set_routing": _("Routing changed"),
    "set_making": _("How it is made changed"),
    "create_work_centre": _("Work centre created"),
    "set_capacity": _("Working time changed"),
    "confirm_job": _("Production confirmed"),
    "reprocess_posting": _("Stock posting tried again"),
    "release_for_packing": _("Released for packing"),
    "pack_part": _("Part packed"),
    "confirm_packing": _("Packed"),
    "create_delivery": _("Put on a delivery"),
    "cancel_delivery": _("Delivery cancelled"),
    "split_delivery": _("Delivery split"),
    "set_shipping_rule": _("Shipping rule set"),
    "add_to_delivery": _("Put on a delivery later"),
    "remove_from_delivery": _("Taken off a delivery"),
    "pick_delivery": _("Picked"),
    "register_handling_unit": _("Taken up from another system"),
    "cross_dock_receipt": _("Sent straight on from the dock"),
    "recall_lots": _("Recalled"),
    "recall_goods": _("Recalled"),
    "create_wave": _("Put on a wave"),
    "pick_part": _("Part picked"),
    "start_load_unit": _("Next handling unit of the load"),
    "finish_wave": _("Wave finished"),
    "cancel_wave": _("Wave given up"),
    "report_short_pick": _("Short pick"),
    "note_late_pick": _("Picked after it was cancelled"),
    "settle_pick_issue": _("Settled"),
    "set_picking_rule": _("Picking rule set"),
    "post_goods_issue": _("Goods issue posted"),
    "reverse_goods_issue": _("Goods issue reversed"),
    "issue_invoice": _("Billed"),
    "issue_credit_note": _("Credited"),
    "cancel_invoice": _("Bill cancelled"),
    "set_billing_rule": _("Billing rule set"),
    "mail_invoice": _("E-mail of the invoice queued"),
    "complete_call": _("Call completed"),
    "cancel_call": _("Call cancelled"),
    "request_cancel": _("Cancelling asked for"),
    "refuse_cancel": _("Cancelling refused: the goods have left"),
    "accept_cancel": _("Cancelling accepted"),
    "decline_cancel": _("Cancelling declined"),
    "take_off_delivery": _("Taken off the delivery"),
    "hold_call": _("Put on hold"),
    "resume_call": _("Resumed"),
    "expedite_call": _("Priority changed"),
    "reorder_component": _("Ordered again"),
    "replace_group": _("Replaced by a new group"),
    "configure_stream": _("Rules of the sequence changed"),
    "skip_number": _("Number skipped"),
    "number_came": _("Skipped number came after all"),
    "set_call_rule": _("Rule for changes set"),
    "map_status": _("Status word mapped"),
    "receive_stock": _("Stock received"),
    "move_stock": _("Stock moved"),
    "reverse_posting": _("Posting taken back"),
    "report_missing": _("Part missing"),
    "print_label": _("Label asked for"),
    "record_printed": _("Label printed"),
    "record_print_failure": _("Printer did not take the label"),
    "redirect_print_job": _("Label sent elsewhere"),
    "save_printer": _("Printer saved"),
    "save_label_template": _("Label template saved"),
    "nest_handling_unit": _("Put into another handling unit"),
    "create_handling_unit": _("Handling unit made"),
    "pack_handling_unit": _("Goods put in"),
    "unpack_handling_unit": _("Goods taken out"),
    "split_handling_unit": _("Split"),
    "merge_handling_units": _("Merged"),
    "move_handling_unit": _("Carried to another place"),
    "reject_handling_unit": _("Rejected"),
    "accept_handling_unit": _("Accepted again"),
    "store_interchange": _("File stored"),
    "interchange_again": _("Same file came again"),
    "record_outcomes": _("Messages taken over"),
    "record_sent": _("Handed over to the partner"),
    "record_failure": _("Sending failed"),
    "record_answer": _("Partner answered"),
    "send_again": _("To be sent again"),
    "release_held": _("Released to be sent"),
    "add_contact": _("Address added"),
    "set_partner_language": _("Language of the partner set"),
    "choose_language": _("Language chosen"),
    "remove_contact": _("Address removed"),
    "read_mail": _("E-mail opened"),
    "define_role": _("Role changed"),
    "assign_roles": _("Roles given"),
    "create_user": _("Person let in"),
    "rename_states": _("States renamed"),
    "define_field": _("Extra field changed"),
    "fill_fields": _("Own fields filled"),
    "configure_numbers": _("Numbering changed"),
    "set_automatic_steps": _("Automatic steps changed"),
    "create_part": _("Part created"),
    "block_lot": _("Lot blocked"),
    "release_lot": _("Lot released"),
    "place_order": _("Ordered"),
    "receive_order": _("Received on an order"),
    "reverse_receipt": _("Receipt taken back"),
    "close_order": _("Order closed"),
    "put_away": _("Put away"),
    "inspect_stock": _("Inspected"),
    "write_off": _("Written off"),
    "create_count": _("Count list made"),
    "record_count": _("Counted"),
    "count_place": _("Counted"),
    "place_rack": _("Rack put on its frame"),
    "specify_rack": _("Rack specified"),
    "set_scan_aside": _("Scan set aside"),
    "settle_scan": _("Scan settled"),
    "recount": _("To be counted again"),
    "approve_count": _("Count posted"),
    "reverse_count": _("Count taken back"),
    "close_count": _("Count list closed"),
    "change_location": _("Place changed"),
    "set_storage_rule": _("Storage rule set"),
    "set_standard_cost": _("Standard cost set"),
    "set_life_cycle": _("Life cycle set"),
    "add_customer_part": _("Customer's number added"),
    "set_item_policy": _("Policy set"),
    "close_day": _("Day without work noted"),
    "set_shifts": _("Shifts set"),
    "hand_over_alert": _("Taken over by the next shift"),
    "open_day": _("Day is worked on"),
    "open_stockout": _("Stockout began"),
    "close_stockout": _("Stockout ended"),
    "open_alert": _("Alert opened"),
    "close_alert": _("Alert closed"),
    "remind_alert": _("Told again"),
    "escalate_alert": _("Escalated"),
    "snooze_alert": _("Put to sleep"),
    "assign_alert": _("Given to somebody"),
    "add_standard_rule": _("Rule came with the installation"),
    "save_alert_rule": _("Rule saved"),
    "mute_alert_rule": _("Rule muted"),
    "unmute_alert_rule": _("Rule speaks again"),
}


def happened(action: str) -> str:
    """Return what an action is called in the history; an unknown one shows its own name."""
    return str(HAPPENED.get(action) or action.replace("_", " ").capitalize())


def state(noun: str, name: str) -> tuple[str, str]:
    """Return (tone, word) of a state; one that has no word yet shows its own name."""
    tone, word = STATES.get(noun, {}).get(name, ("none", name.replace("_", " ")))
    return tone, _own_words().get((noun, name)) or str(word)


# language -> (when read, the company's own words); read again after a few seconds, so that every process follows
_OWN: dict[str, tuple[float, dict[tuple[str, str], str]]] = {}
OWN_SECONDS = 5.0


def _own_words() -> dict[tuple[str, str], str]:
    language = get_language() or "en"
    kept = _OWN.get(language)
    if kept is None or time.monotonic() - kept[0] >= OWN_SECONDS:
        kept = _OWN[language] = (time.monotonic(), configuration.state_words(language))
    return kept[1]


def forget() -> None:
    """Read the company's own words again at the next use."""
    _OWN.clear()


def word(table: str, name: str) -> str:
    """Return the word for a name in one of the plain tables, or the name itself."""
    tables = {"place": PLACES, "cause": CAUSES, "stage": STAGES, "verdict_done": VERDICTS,
              "kind": KINDS, "hit": HIT_KINDS, "role": ROLES, "via": VIA, "noun": NOUNS, "indicator": INDICATORS,
              "picking_mode": PICKING_MODES, "signal": SIGNALS,
              "outcome": OUTCOMES, "told": NOTIFICATION_KINDS, "told_state": TOLD_STATES,
              "grouping": GROUPINGS, "billing_channel": BILLING_CHANNELS,
              "comparison": COMPARISONS, "measure": MEASURES, "field": FIELDS, "view": VIEWS,
              "gap_rule": GAP_RULES, "gap_step": GAP_STEPS, "change_rule": CHANGE_RULES,
              "status_action": STATUS_ACTIONS,
              "method": METHODS}  # fmt: skip
    return str(tables[table].get(name, name.replace("_", " ")))

"""What must hold between parents and children: they belong to the same site and the same partner."""

from milkrun.insight.queries.invariant import Invariant
from milkrun.insight.queries.reading import sql

# child table, its column, parent table, what both carry
AGREE = (
    ("demand_componentgroup", "call_id", "demand_jitcall", "site_id"),
    ("demand_component", "group_id", "demand_componentgroup", "site_id"),
    ("demand_component", "agreement_id", "demand_supplyagreement", ""),
    ("demand_jitcall", "ship_to_id", "partners_shipto", "partner_id"),
    ("demand_jitcall", "stream_id", "demand_sequencestream", "site_id"),
    ("demand_jitcall", "stream_id", "demand_sequencestream", "ship_to_id"),
    ("demand_packingslot", "packing_group_id", "demand_packinggroup", "site_id"),
    ("demand_packingslot", "group_id", "demand_componentgroup", "site_id"),
    ("demand_slothistory", "packing_group_id", "demand_packinggroup", "site_id"),
    ("demand_slothistory", "group_id", "demand_componentgroup", "site_id"),
    ("demand_callrequest", "call_id", "demand_jitcall", "site_id"),
    ("demand_skippednumber", "stream_id", "demand_sequencestream", "site_id"),
    ("demand_packinggroup", "hu_id", "stock_handlingunit", "site_id"),
    ("demand_packinggroup", "stream_id", "demand_sequencestream", "site_id"),
    ("production_jobline", "job_id", "production_job", "site_id"),
    ("production_jobline", "component_id", "demand_component", "site_id"),
    ("production_confirmation", "line_id", "production_jobline", "site_id"),
    ("production_confirmation", "run_id", "production_productionrun", "site_id"),
    ("production_stepreport", "line_id", "production_jobline", "site_id"),
    ("production_stepreport", "work_centre_id", "parts_workcentre", "site_id"),
    ("production_refusedreport", "job_id", "production_job", "site_id"),
    ("production_productionrun", "work_centre_id", "parts_workcentre", "site_id"),
    ("parts_routingstep", "work_centre_id", "parts_workcentre", "site_id"),
    ("parts_workcentreday", "work_centre_id", "parts_workcentre", "site_id"),
    ("production_job", "packing_group_id", "demand_packinggroup", "site_id"),
    ("shipping_deliveryline", "delivery_id", "shipping_delivery", "site_id"),
    ("shipping_deliveryline", "component_id", "demand_component", "site_id"),
    ("shipping_deliveryline", "hu_id", "stock_handlingunit", "site_id"),
    ("shipping_delivery", "ship_to_id", "partners_shipto", "partner_id"),
    ("billing_invoice", "delivery_id", "shipping_delivery", "site_id"),
    ("billing_invoice", "delivery_id", "shipping_delivery", "partner_id"),
    ("billing_invoiceline", "invoice_id", "billing_invoice", "site_id"),
    ("stock_movement", "posting_id", "stock_posting", "site_id"),
    ("stock_movement", "from_location_id", "stock_location", "site_id"),
    ("stock_movement", "to_location_id", "stock_location", "site_id"),
    ("stock_movement", "from_hu_id", "stock_handlingunit", "site_id"),
    ("stock_movement", "to_hu_id", "stock_handlingunit", "site_id"),
    ("stock_balance", "location_id", "stock_location", "site_id"),
    ("stock_balance", "hu_id", "stock_handlingunit", "site_id"),
    ("stock_reservation", "balance_id", "stock_balance", "site_id"),
    ("stock_handlingunit", "parent_id", "stock_handlingunit", "site_id"),
    ("stock_handlingunit", "location_id", "stock_location", "site_id"),
    ("purchasing_purchaseorderline", "order_id", "purchasing_purchaseorder", "site_id"),
    ("purchasing_receipt", "line_id", "purchasing_purchaseorderline", "site_id"),
    ("purchasing_receipt", "posting_id", "stock_posting", "site_id"),
    ("stock_countline", "count_id", "stock_countlist", "site_id"),
    ("stock_countline", "location_id", "stock_location", "site_id"),
    ("stock_countentry", "line_id", "stock_countline", "site_id"),
    ("stock_writeoff", "posting_id", "stock_posting", "site_id"),
    ("stock_storagerule", "fixed_location_id", "stock_location", "site_id"),
    ("exchange_agreement", "partner_id", "partners_partner", ""),
)
# The same part, and the same customer, along the chain of a line.
CHAIN = """
    SELECT 'delivery line ' || l.id FROM shipping_deliveryline l JOIN demand_component c ON c.id = l.component_id
    JOIN demand_componentgroup g ON g.id = c.group_id JOIN demand_jitcall k ON k.id = g.call_id
    JOIN shipping_delivery d ON d.id = l.delivery_id
    WHERE k.partner_id <> d.partner_id OR l.part_id <> c.part_id OR k.ship_to_id <> d.ship_to_id
    UNION ALL
    SELECT 'component ' || c.id FROM demand_component c JOIN demand_componentgroup g ON g.id = c.group_id
    JOIN demand_jitcall k ON k.id = g.call_id JOIN demand_supplyagreement a ON a.id = c.agreement_id
    JOIN parts_customerpart p ON p.id = a.customer_part_id
    WHERE a.partner_id <> k.partner_id OR p.partner_id <> k.partner_id OR p.part_id <> c.part_id
    UNION ALL
    SELECT 'invoice line ' || i.id FROM billing_invoiceline i JOIN shipping_deliveryline l ON l.id = i.delivery_line_id
    WHERE i.part_id <> l.part_id OR i.site_id <> l.site_id
    UNION ALL
    SELECT 'job line ' || j.id FROM production_jobline j JOIN demand_component c ON c.id = j.component_id
    WHERE j.part_id <> c.part_id
"""

ROLES_OF_STRANGERS = """
    SELECT 'user ' || u.id FROM partners_user u
    WHERE u.partner_id IS NOT NULL AND EXISTS (SELECT 1 FROM partners_role r WHERE r.user_id = u.id) ORDER BY u.id
"""


def _disagreeing(child: str, column: str, parent: str, shared: str) -> str:
    differs = f" OR c.{shared} <> p.{shared}" if shared else ""
    return (
        f"SELECT '{child} ' || c.id FROM {child} c LEFT JOIN {parent} p ON p.id = c.{column} "  # noqa: S608
        f"WHERE c.{column} IS NOT NULL AND (p.id IS NULL{differs}) ORDER BY c.id"
    )


OWNERSHIP_INVARIANTS = (
    Invariant(
        "I-22",
        "Children belong to the site and the partner of their parents",
        (*[sql(_disagreeing(*pair)) for pair in AGREE], sql(CHAIN)),
    ),
    Invariant("I-66", "People of a customer have no role of ours", (sql(ROLES_OF_STRANGERS),)),
)

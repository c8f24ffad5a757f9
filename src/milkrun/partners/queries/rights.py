"""Who may do what: one line an action, read in ten seconds and changed by a reviewed edit.

An action is a command's name, or `view_...` and `export_...` for pages. An administrator may do everything; an action
without a role is an administrator's alone. People of a customer have no role: what they may do is the second table, no
action stands in both, and neither a role nor a token can be given one of it.
"""

ROLE_NAMES = (
    "material_planner", "production_planner", "operator", "supervisor", "storekeeper", "packer", "shipping", "billing",
    "auditor", "admin",
)  # fmt: skip

_MAY: dict[str, str] = {
    # Looking
    "export_analysis": "material_planner production_planner supervisor shipping billing auditor",
    "export_calls": "material_planner production_planner shipping auditor",
    "view_alerts": (
        "material_planner production_planner operator supervisor storekeeper packer shipping billing auditor"
    ),
    "view_analysis": "material_planner production_planner supervisor storekeeper shipping billing auditor",
    "view_billing": "billing auditor",
    "view_calls": "material_planner production_planner operator supervisor packer shipping billing auditor",
    "view_connections": "material_planner auditor",
    "view_deliveries": "material_planner production_planner supervisor storekeeper packer shipping billing auditor",
    "view_jobs": "material_planner production_planner operator supervisor shipping auditor",
    "view_messages": "material_planner shipping billing auditor",
    "view_packing": "material_planner production_planner supervisor packer shipping auditor",
    "view_setup": "auditor",
    "view_stock": "material_planner production_planner operator supervisor storekeeper packer shipping auditor",
    # Calls
    "configure_stream": "material_planner",
    "decide_changes": "material_planner production_planner",
    "hold_calls": "material_planner production_planner",
    "introduce_part": "material_planner",
    "map_status": "material_planner",
    "receive_jit_call": "material_planner",
    "reprocess_call": "material_planner production_planner",
    "request_cancel": "material_planner production_planner",
    "resequence_calls": "material_planner production_planner",
    "resume_calls": "material_planner production_planner",
    "set_call_rule": "material_planner",
    "skip_number": "material_planner",
    "update_calls": "material_planner production_planner",
    # Making
    "assign_postings": "production_planner supervisor",
    "cancel_job": "production_planner supervisor",
    "close_job": "production_planner supervisor",
    "confirm_job": "operator supervisor",
    "confirm_step": "operator supervisor",
    "create_job": "production_planner supervisor",
    "keep_refused_report": "supervisor",
    "pause_job": "operator supervisor",
    "record_boms": "material_planner",
    "release_calls": "material_planner production_planner supervisor",
    "report_production": "production_planner operator supervisor",
    "reprocess_postings": "production_planner supervisor",
    "reschedule_job": "production_planner supervisor",
    "reverse_confirmation": "supervisor",
    "set_scrap_reason": "production_planner supervisor",
    "settle_refused_report": "supervisor",
    "start_job": "operator supervisor",
    # Packing, picking and shipping
    "accept_cancel": "material_planner production_planner",
    "add_to_delivery": "shipping",
    "cancel_delivery": "shipping",
    "cancel_wave": "supervisor storekeeper shipping",
    "confirm_packing": "packer shipping",
    "confirm_pick": "supervisor storekeeper packer shipping",
    "create_delivery": "shipping",
    "create_wave": "supervisor storekeeper shipping",
    "cross_dock_receipt": "supervisor storekeeper shipping",
    "decline_cancel": "material_planner production_planner",
    "expedite_calls": "material_planner production_planner",
    "pick_delivery": "packer shipping",
    "place_rack": "packer shipping",
    "post_goods_issue": "shipping",
    "recall_lots": "material_planner supervisor storekeeper",
    "release_for_packing": "shipping",
    "remove_from_delivery": "shipping",
    "reorder_component": "material_planner production_planner packer",
    "report_missing": "packer shipping",
    "report_short_pick": "supervisor storekeeper packer shipping",
    "reverse_goods_issue": "shipping",
    "set_picking_rule": "supervisor storekeeper shipping",
    "set_shipping_rule": "shipping",
    "settle_pick_issue": "supervisor storekeeper shipping",
    "specify_rack": "material_planner shipping",
    "split_delivery": "shipping",
    # Stock
    "accept_handling_unit": "material_planner supervisor shipping",
    "accept_more": "material_planner supervisor",
    "approve_count": "material_planner supervisor",
    "block_lot": "material_planner supervisor storekeeper",
    "change_location": "material_planner supervisor",
    "close_count": "material_planner supervisor storekeeper",
    "count_place": "material_planner supervisor storekeeper",
    "create_count": "material_planner supervisor storekeeper",
    "create_handling_unit": "material_planner storekeeper packer shipping",
    "inspect_stock": "material_planner supervisor storekeeper",
    "merge_handling_units": "material_planner storekeeper packer shipping",
    "move_handling_unit": "material_planner storekeeper packer shipping",
    "move_stock": "material_planner supervisor storekeeper packer shipping",
    "nest_handling_unit": "material_planner storekeeper packer shipping",
    "pack_handling_unit": "material_planner storekeeper packer shipping",
    "put_away": "material_planner supervisor storekeeper",
    "receive_stock": "material_planner supervisor storekeeper",
    "record_count": "material_planner supervisor storekeeper",
    "recall_goods": "material_planner supervisor storekeeper",
    "recount": "material_planner supervisor storekeeper",
    "register_handling_unit": "supervisor storekeeper packer shipping",
    "reject_handling_unit": "material_planner supervisor storekeeper packer shipping",
    "release_lot": "material_planner supervisor storekeeper",
    "reverse_count": "material_planner supervisor",
    "reverse_posting": "material_planner supervisor storekeeper",
    "set_scan_aside": "material_planner production_planner operator supervisor storekeeper packer shipping",
    "set_stock_levels": "material_planner",
    "set_storage_rule": "material_planner supervisor storekeeper",
    "settle_scan": "material_planner production_planner supervisor shipping",
    "split_handling_unit": "material_planner storekeeper packer shipping",
    "start_load_unit": "supervisor storekeeper packer shipping",
    "write_off": "material_planner supervisor storekeeper",
    # Purchase orders
    "close_order": "material_planner supervisor storekeeper",
    "place_order": "material_planner supervisor storekeeper",
    "receive_order": "material_planner supervisor storekeeper",
    "reverse_receipt": "material_planner supervisor storekeeper",
    # Bills
    "cancel_invoice": "billing",
    "issue_credit_note": "billing",
    "issue_invoice": "billing",
    "issue_invoices": "billing",
    "set_billing_rule": "billing",
    # Messages
    "add_contact": "material_planner shipping billing",
    "set_partner_language": "material_planner shipping billing",
    "receive_interchange": "material_planner",
    "release_held": "material_planner shipping",
    "remove_contact": "material_planner shipping billing",
    "send_again": "material_planner shipping billing",
    # Printing
    "print_label": "material_planner operator supervisor storekeeper packer shipping",
    "save_label_template": "shipping",
    "save_printer": "shipping",
    # Alerts
    "assign_alert": "material_planner production_planner operator supervisor storekeeper packer shipping billing",
    "mute_alert_rule": "material_planner production_planner supervisor shipping",
    "save_alert_rule": "material_planner production_planner supervisor shipping",
    "snooze_alert": "material_planner production_planner operator supervisor storekeeper packer shipping billing",
    # Levels
    "set_shifts": "",
    "close_day": "material_planner production_planner supervisor shipping",
    "set_item_policy": "material_planner production_planner supervisor shipping",
    # Parts and routings
    "create_work_centre": "production_planner",
    "record_parts": "material_planner",
    "set_capacity": "production_planner",
    "set_life_cycle": "material_planner supervisor",
    "set_making": "production_planner",
    "set_routing": "production_planner",
    "set_standard_cost": "material_planner supervisor",
    # People and partners
    "add_unloading_point": "material_planner",
    "assign_roles": "",
    "create_token": "",
    "create_user": "",
    "define_role": "",
    "revoke_token": "",
    # Words, fields and numbers
    "configure_numbers": "",
    "define_field": "",
    "fill_fields": "material_planner production_planner supervisor storekeeper shipping billing",
    "rename_states": "",
    "set_automatic_steps": "",
    # Connections
    "change_webhook": "",
    "create_webhook": "",
    "import_table": "material_planner",
    "replay_events": "",
    "rotate_webhook_secret": "",
    "send_test_event": "",
    "switch_webhook": "",
}

ACTIONS = frozenset(_MAY)
VIEWS = frozenset(action for action in _MAY if action.startswith("view_"))
ROLES: dict[str, frozenset[str]] = {
    role: ACTIONS if role == "admin" else frozenset(action for action, roles in _MAY.items() if role in roles.split())
    for role in ROLE_NAMES
}

# Realm of a person outside our company -> what the portal lets them do, with what is their own company's only.
PORTALS: dict[str, frozenset[str]] = {
    "customer": frozenset({
        "portal_call_off", "portal_calls", "portal_deliveries", "portal_help", "portal_invoices", "portal_items",
    }),
}  # fmt: skip
PORTAL_ACTIONS = frozenset().union(*PORTALS.values())

"""Answers simulations of one stage by stockpyl, in an environment of its own: one JSON line in, one out."""

import json
import sys

from stockpyl.sim import simulation
from stockpyl.supply_chain_network import single_stage_system

for line in sys.stdin:
    task = json.loads(line)
    answer = {}
    if task:
        demand = task["demand"]
        policy = (
            {"policy_type": "BS", "base_stock_level": task["big"]}
            if task["small"] is None
            else {"policy_type": "sS", "reorder_point": task["small"], "order_up_to_level": task["big"]}
        )
        stage = single_stage_system(
            holding_cost=1, stockout_cost=1, demand_type="D", demand_list=demand,
            shipment_lead_time=task["lead_time"], **policy,
        )  # fmt: skip
        simulation(stage, len(demand), rand_seed=1, progress_bar=False, consistency_checks="N")
        node = stage.nodes[0]
        levels = [next(iter(state.inventory_level.values())) for state in node.state_vars[: len(demand)]]
        answer = {"stock": sum(max(level, 0) for level in levels), "late": sum(max(-level, 0) for level in levels)}
    print(json.dumps(answer), flush=True)

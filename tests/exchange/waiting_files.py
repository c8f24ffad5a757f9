"""Files that wait in the outbox, made by deliveries that leave."""

from milkrun.exchange.commands.claim_outbox import OutboxClaimed, claim_outbox
from milkrun.shipping.commands.post_goods_issue import post_goods_issue
from tests.world import World


def despatch(world: World, count: int) -> None:
    """Let so many deliveries leave; each queues a despatch advice."""
    for number in range(count):
        (call,) = world.packed(world.summarized(f"DON{number}", qty="1"))
        post_goods_issue(delivery_id=world.picked(call), actor=world.actor, at=world.later())


def claim(world: World, minutes: int = 0) -> OutboxClaimed:
    """Take the queue under a lease, so many minutes later."""
    world.later(minutes)
    return claim_outbox(partner_id=world.partner_id, at=world.now)

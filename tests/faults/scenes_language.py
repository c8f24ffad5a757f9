"""Scenes of languages: what a person reads, what a partner is written to."""

from typing import Any

from milkrun.partners.commands.create_user import create_user as create
from tests.faults.scenes import numbers, scene, who
from tests.world import World


@scene
def choose_language(world: World) -> dict[str, Any]:
    email = f"reader{next(numbers)}@plant.example"
    made = create(email=email, name="N", password="correct horse battery", roles=["packer"], **who(world))
    return {"user_id": made.user_id, "language": "de"}


@scene
def set_partner_language(world: World) -> dict[str, Any]:
    return {"partner_id": world.partner_id, "language": "de"}

"""Scenes of the configuration: roles, people, words, fields, numbers, automatic steps."""

from typing import Any

from milkrun.configuration.commands.define_field import define_field as define
from milkrun.partners.commands.create_user import create_user as create
from milkrun.partners.queries.rights import ROLES
from tests.faults.scenes import numbers, scene, who
from tests.world import World


@scene
def define_role(world: World) -> dict[str, Any]:
    return {"name": "packer", "actions": [*ROLES["packer"], "view_jobs"]}


@scene
def assign_roles(world: World) -> dict[str, Any]:
    emails = [f"person{next(numbers)}@plant.example" for _ in range(2)]
    for email in emails:
        create(email=email, name="N", password="correct horse battery", roles=["admin"], **who(world))
    return {"email": emails[0], "roles": [("packer", ""), ("shipping", "MAIN")], "active": True}


@scene
def rename_states(world: World) -> dict[str, Any]:
    return {"noun": "call", "language": "en", "words": {"created": "To do"}}


@scene
def define_field(world: World) -> dict[str, Any]:
    return {"noun": "part", "key": f"field{next(numbers)}", "label": "Field", "kind": "text"}


@scene
def fill_fields(world: World) -> dict[str, Any]:
    key = f"field{next(numbers)}"
    define(noun="part", key=key, label="Field", kind="text", **who(world))
    return {"noun": "part", "row_id": world.parts["FOAM"], "values": {key: "x"}}


@scene
def configure_numbers(world: World) -> dict[str, Any]:
    return {"kind": "wave", "prefix": "WV-", "digits": 5}


@scene
def set_automatic_steps(world: World) -> dict[str, Any]:
    return {"partner_code": "OEM01", "steps": ["release_call"]}

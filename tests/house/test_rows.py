"""The site stands on every business row, and first in the constraints of rows that belong to a site."""

import pytest
from django.apps import apps
from django.db import models

BUSINESS = ("stock", "demand", "production", "shipping", "printing", "billing")
# Company-wide on purpose: masters, label templates, the SSCC register, notices reached through their delivery.
WITHOUT_SITE = {
    "CallRule", "ChangeRule", "ExternalStatus", "LabelTemplate", "Lot", "Sscc", "SupplyAgreement", "RackSpec",
    "ShippingNotice",
    "BillingRule", "ShippingRule",
}  # fmt: skip
# For the whole company on purpose: a number is unique in all of it, and a customer sees its calls at every site.
COMPANY_WIDE = {"invoice_number", "call_of_partner"}

ROWS = [model for app in BUSINESS for model in apps.get_app_config(app).get_models()]


@pytest.mark.parametrize("model", ROWS, ids=lambda model: model.__name__)
def test_a_business_row_carries_its_site(model: type[models.Model]) -> None:
    names = {field.name for field in model._meta.get_fields()}

    assert ("site" in names) != (model.__name__ in WITHOUT_SITE)


@pytest.mark.parametrize("model", ROWS, ids=lambda model: model.__name__)
def test_named_constraints_and_indexes_of_a_site_begin_with_it(model: type[models.Model]) -> None:
    if model.__name__ in WITHOUT_SITE:
        return
    uniques = [c for c in model._meta.constraints if isinstance(c, models.UniqueConstraint)]

    first = {c.name: (list(c.fields) or [e.name for e in c.expressions if hasattr(e, "name")])[0] for c in uniques}
    first.update({index.name: index.fields[0] for index in model._meta.indexes})

    assert {name for name, field in first.items() if field != "site"} <= COMPANY_WIDE

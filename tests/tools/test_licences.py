"""Which licences may come in, and where."""

import pytest

import licences


@pytest.mark.parametrize(
    ("name", "licence", "shipped", "accepted"),
    [
        ("django", "BSD-3-Clause", True, True),
        ("htmx.org", "0BSD", True, True),
        ("greenlet", "MIT AND PSF-2.0", True, True),
        ("packaging", "Apache-2.0 OR BSD-2-Clause", True, True),
        ("dual", "MIT OR GPL-3.0-only", True, True),
        ("both", "MIT AND GPL-3.0-only", True, False),
        ("axe-core", "MPL-2.0", False, True),
        ("axe-core", "MPL-2.0", True, False),
        ("psycopg", "LGPL-3.0-only", True, True),
        ("fpdf2", "LGPL-3.0-only", True, False),
        ("zpl", "AGPL-3.0", False, False),
        ("unnamed", "", False, False),
    ],
)
def test_a_licence_is_judged_by_who_receives_the_package(
    name: str, licence: str, shipped: bool, accepted: bool
) -> None:
    assert licences.accepted(name, licence, shipped) is accepted


def test_everything_installed_may_be_used(capsys: pytest.CaptureFixture[str]) -> None:
    code = licences.main()

    assert (code, capsys.readouterr().out) == (0, "")

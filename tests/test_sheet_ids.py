"""A sheet is named by its id, or by the link that stands in the browser."""

import pytest
from google_office import Offices
from test_sheet_install import EMPTY, call

from automator.core.sheet_settings import spreadsheet_id

pytest_plugins = ("google_fixtures",)

HOST = "https://docs.google.com/spreadsheets"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("1AbC_-9", "1AbC_-9", id="id"),
        pytest.param(" 1AbC ", "1AbC", id="with-spaces"),
        pytest.param(f"{HOST}/d/1AbC/edit#gid=0", "1AbC", id="link"),
        pytest.param(f"{HOST}/d/1AbC/edit?usp=sharing", "1AbC", id="shared-link"),
        pytest.param(f"{HOST}/u/1/d/1AbC", "1AbC", id="second-account"),
        pytest.param(f"{HOST}/d/e/2PACX-1vX/pubhtml", "", id="published"),
        pytest.param("https://evil.example/spreadsheets/d/1AbC/edit", "", id="another-site"),
        pytest.param("1AbC/edit", "", id="half-a-link"),
        pytest.param("1AbC#gid=0", "", id="fragment"),
        pytest.param("../1AbC", "", id="a-path"),
        pytest.param("Sổ theo dõi", "", id="title"),
        pytest.param("", "", id="blank"),
    ],
)
def test_what_names_a_sheet(text: str, found: str) -> None:
    """Never a part of an address: it goes into one."""
    assert spreadsheet_id(text) == found


def test_install_takes_a_link(offices: Offices) -> None:
    """The id is taken out of it."""
    office = offices.open(EMPTY)
    done = call(office, "install", f"{HOST}/d/{office.book}/edit#gid=0", "--dry-run")
    assert (done.code, office.asked) == (0, (1, 0))
    assert done.out.endswith(f"{HOST}/d/{office.book}/edit\n")


@pytest.mark.parametrize("named", ["", "Sổ theo dõi", "1AbC/edit"])
def test_what_is_no_id_is_not_asked_for(offices: Offices, named: str) -> None:
    """A blank one too: `install "$ID"` without an ID is not meant for the sheet of config.toml."""
    office = offices.open(EMPTY)
    done = call(office, "install", named)
    assert (done.code, office.asked) == (2, (0, 0))
    assert "/d/SPREADSHEET_ID/edit" in done.err

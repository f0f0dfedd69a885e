"""Bad input at the command line: the right exit code, one clear line, never a traceback."""

import io
import os
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from command_line import Called, automator
from small_office import SCHOOLS, office, workbook

from automator.config import load
from automator.ledger.ledger import Ledger

NOW = ("--now", "2021-02-26T07:00:00+07:00")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in the folder of a small office where all is in order."""
    office(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _refused(called: Called, code: int, said: str) -> None:
    """Check that a call ended with `code`, with one line that says it, and a clean stdout."""
    first, *rest = called.err.splitlines()
    assert (called.code, called.out) == (code, "")
    assert first.startswith("automator: ")
    assert said in first
    assert all(line.startswith(("  - ", "  hint: ")) for line in rest), called.err


def _problems(called: Called) -> list[tuple[str, str | None, str, str]]:
    return [(p["tab"], p["cell"], p["code"], p["severity"]) for p in called.document["problems"]]


def _plans(called: Called) -> dict[str, str]:
    return {f["school"]: f["status"] for f in called.document["findings"]}


def test_small_office_is_in_order() -> None:
    """Without a fault the small office runs: one plan is there, two schools are chased."""
    called = automator("run", "--json", *NOW)
    assert (called.code, called.err, _problems(called)) == (0, "", [])
    assert _plans(called) == {"TH-A": "on_time", "TH-B": "missing", "TH-C": "missing"}
    assert [(m["unit"], m["kind"]) for m in called.document["messages"]] == [
        ("TH-B", "chase"),
        ("TH-C", "chase"),
    ]


# --- the configuration -----------------------------------------------------------------------


def test_config_that_is_not_there() -> None:
    """A path given that leads nowhere is not replaced by the packaged set-up."""
    _refused(automator("run", "--config", "none.toml", *NOW), 2, "none.toml cannot be read")


def test_config_that_is_a_folder() -> None:
    """A folder is no config."""
    _refused(automator("run", "--config", ".", *NOW), 2, "cannot be read")


def test_slip_in_toml(here: Path) -> None:
    """A slip of TOML names line and column."""
    (here / "config.toml").write_text('[directive]\ntitle = "Công văn\n', "utf-8")
    _refused(automator("run", *NOW), 2, "config.toml, line 2, column")


def test_unknown_key(here: Path) -> None:
    """An unknown key is named with its path."""
    text = (here / "config.toml").read_text("utf-8")
    (here / "config.toml").write_text(text.replace("clause =", "cluase ="), "utf-8")
    called = automator("run", *NOW)
    _refused(called, 2, "config.toml has 1 fault")
    assert "obligation[1].cluase" in called.err


def test_every_fault_of_the_config_at_once(here: Path) -> None:
    """A malformed recipient and a tab that is no tab come in one answer."""
    text = (here / "config.toml").read_text("utf-8")
    text = text.replace("vanthu@thitran.example", "vanthu@@thitran").replace(
        'tab = "Kế hoạch"', 'tab = "Kế hoạch năm"'
    )
    (here / "config.toml").write_text(text, "utf-8")
    called = automator("run", *NOW)
    _refused(called, 2, "config.toml has 2 faults")
    assert "unit[2].emails" in called.err
    assert "obligation[1].tab" in called.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(("run", "--now", "26/02/2021"), "ISO-8601", id="now"),
        pytest.param(("status", "--now", "0001-01-01T00:00+14:00"), "years 2000 to", id="year"),
        pytest.param(("status", "--now", "9999-12-31"), "years 2000 to 2099", id="far-year"),
    ],
)
def test_instant_that_is_none(arguments: tuple[str, ...], said: str) -> None:
    """A --now that is no instant, or one of another age, is refused with an example."""
    _refused(automator(*arguments), 2, said)


@pytest.mark.parametrize("arguments", [("run", "--nwo", "x"), ("ran",), ("explain", "TH-A")])
def test_usage(arguments: tuple[str, ...]) -> None:
    """A wrong option, command or a missing argument is exit 2; stdout stays clean."""
    called = automator(*arguments)
    assert (called.code, called.out) == (2, "")
    assert "Error: " in called.err
    assert "Traceback" not in called.err


# --- the workbook ----------------------------------------------------------------------------


def _zip(parts: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return held.getvalue()


_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = _OLE2 + bytes(504) + "EncryptedPackage".encode("utf-16-le")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(b"", "it is empty", id="empty"),
        pytest.param(b"Tr\xc6\xb0\xe1\xbb\x9dng;Email\n", "not an .xlsx", id="csv"),
        pytest.param(_ENCRYPTED, "password-protected", id="password"),
    ],
)
def test_workbook_that_is_none(here: Path, content: bytes, said: str) -> None:
    """What is no sound workbook is exit 3, and stays as it is."""
    (here / "so.xlsx").write_bytes(content)
    _refused(automator("run", *NOW), 3, said)
    assert (here / "so.xlsx").read_bytes() == content
    assert not (here / "so.tinh-trang.xlsx").exists()


def test_workbook_that_is_a_zip_bomb(here: Path) -> None:
    """Nothing is unpacked of what would fill the memory."""
    bomb = _zip({"xl/workbook.xml": b"", "xl/bomb.xml": bytes(400 << 20)})
    (here / "so.xlsx").write_bytes(bomb)
    _refused(automator("run", *NOW), 3, "it would unpack to 400 MB")


def test_workbook_that_is_not_there(here: Path) -> None:
    """A missing workbook is exit 3 with its path."""
    (here / "so.xlsx").unlink()
    _refused(automator("run", *NOW), 3, f"{here}/so.xlsx: there is no such file")


def test_workbook_that_is_truncated(here: Path) -> None:
    """Half a download is not half a list of schools."""
    whole = (here / "so.xlsx").read_bytes()
    (here / "so.xlsx").write_bytes(whole[: len(whole) // 2])
    _refused(automator("run", *NOW), 3, "truncated or damaged")


def test_empty_roster(here: Path) -> None:
    """No school in Trường: nothing is judged, and the tabs that are there are named."""
    workbook(here / "so.xlsx", schools=())
    called = automator("run", *NOW)
    _refused(called, 3, "no school in the tab Trường")
    assert "Kế hoạch" in called.err


def test_roster_is_missing(here: Path) -> None:
    """Without the tab Trường nobody is known; what was found is said."""
    workbook(here / "so.xlsx", then=lambda book: book.remove(book["Trường"]))
    _refused(automator("run", *NOW), 3, "no school in the tab Trường")


@pytest.mark.parametrize("lost", ["emptied", "removed"])
@pytest.mark.parametrize(("args", "alerts"), [(("run",), 1), (("run", "--watch"), 0)])
def test_roster_is_lost_after_a_good_run(
    here: Path, lost: str, args: tuple[str, ...], alerts: int
) -> None:
    """Exit 3, yet the operator hears of it in the daily run itself, and nothing is forgotten."""
    good = (here / "so.xlsx").read_bytes()
    automator("run", *NOW)
    if lost == "emptied":
        workbook(here / "so.xlsx", schools=())
    else:
        workbook(here / "so.xlsx", then=lambda book: book.remove(book["Trường"]))
    called = automator(*args, "--json", "--now", "2021-02-26T07:10:00+07:00")
    assert called.code == 3
    assert "no school in the tab Trường" in called.err
    messages = [(m["role"], m["state"]) for m in called.document["messages"]]
    assert messages == [("operator", "sent")] * alerts
    assert called.document["counts"]["schools"] == 3
    (here / "so.xlsx").write_bytes(good)
    again = automator("run", "--json", "--now", "2021-02-26T07:20:00+07:00")
    assert (again.code, again.document["counts"]["sent"]) == (0, 0)


def test_failed_run_can_be_made_good(here: Path) -> None:
    """A run that could not read leaves no trace that hinders the next one at the same instant."""
    good = (here / "so.xlsx").read_bytes()
    (here / "so.xlsx").write_bytes(b"")
    assert automator("run", *NOW).code == 3
    (here / "so.xlsx").write_bytes(good)
    assert automator("run", "--json", *NOW).document["counts"]["sent"] == 2


def test_tab_is_missing(here: Path) -> None:
    """A tab that is not found is a Problem and an alert; nobody is chased for what it held."""
    workbook(here / "so.xlsx", then=lambda book: book.remove(book["Kế hoạch"]))
    called = automator("run", "--json", *NOW)
    assert (called.code, called.err) == (0, "")
    assert [(p[0], p[1], p[3]) for p in _problems(called)] == [("Kế hoạch", None, "blocks")]
    assert set(_plans(called).values()) == {"unknown"}
    assert [(m["role"], m["kind"]) for m in called.document["messages"]] == [("operator", "alert")]


def test_header_is_renamed(here: Path) -> None:
    """A `*` column that is not found is named with its tab, with what was there."""

    def rename(book: Any) -> None:
        book["Kế hoạch"]["B1"] = "Ngày trình"

    workbook(here / "so.xlsx", then=rename)
    called = automator("run", "--json", *NOW)
    assert called.code == 0
    (problem,) = (p for p in called.document["problems"] if p["severity"] == "blocks")
    assert problem["tab"] == "Kế hoạch"
    assert "Ngày gửi" in problem["message"] + problem["remedy"]
    assert "Ngày trình" in problem["message"] + problem["remedy"]
    assert [m["kind"] for m in called.document["messages"]] == ["alert"]


def test_two_schools_with_one_code(here: Path) -> None:
    """Two rows of one code for the same days are a Problem; the other schools are judged."""
    twin = ("TH-C", "Trường Tiểu học D", "TH", "28036", "th-d@truong.example")
    workbook(here / "so.xlsx", schools=(*SCHOOLS, twin))
    called = automator("run", "--json", *NOW)
    assert [p[:2] for p in _problems(called)] == [("Trường", "A5")]
    assert _plans(called) == {"TH-A": "on_time", "TH-B": "missing", "TH-C": "missing"}
    addresses = [a["masked"] for m in called.document["messages"] for a in m["addresses"]]
    assert addresses == ["th***@truong.example", "th***@truong.example"]


def test_school_without_an_address(here: Path) -> None:
    """It is judged as any other; its mail is withheld, with the reason, the operator is told."""
    workbook(here / "so.xlsx", schools=(*SCHOOLS[:2], (*SCHOOLS[2][:4], None)))
    called = automator("run", "--json", *NOW)
    assert _plans(called)["TH-C"] == "missing"
    withheld = [(w["unit"], w["step"], w["reason"]) for w in called.document["withheld"]]
    assert ("TH-C", "chase-1", "no_address") in withheld
    assert [(m["unit"], m["kind"]) for m in called.document["messages"]] == [
        ("office", "alert"),
        ("TH-B", "chase"),
    ]


def test_malformed_address_of_a_school(here: Path) -> None:
    """A bad address is a Problem of its cell; the school counts as one without an address."""
    workbook(here / "so.xlsx", schools=(*SCHOOLS[:2], (*SCHOOLS[2][:4], "th-c@@truong")))
    called = automator("run", "--json", *NOW)
    assert ("Trường", "E4") in [p[:2] for p in _problems(called)]
    withheld = [(w["unit"], w["reason"]) for w in called.document["withheld"]]
    assert ("TH-C", "no_address") in withheld


def test_doubtful_tab_waits_for_the_operator(here: Path) -> None:
    """A begun duty's tab that is empty at the first read chases nobody until it is released."""
    workbook(here / "so.xlsx", plans=())
    first = automator("run", "--json", *NOW)
    states = [(m["kind"], m["state"]) for m in first.document["messages"]]
    assert (first.code, states) == (1, [("alert", "sent"), *3 * [("chase", "held")]])
    later = ("--now", "2021-02-26T08:00:00+07:00")
    assert automator("outbox", "list", *later).out.startswith("doubtful/plans\t3 steps\t")
    _refused(automator("outbox", "release", "old_duty/x", *later), 2, "nothing waits under")
    assert automator("outbox", "release", "doubtful/plans", *later).out == "doubtful/plans\n"
    assert automator("run", "--json", *later).document["counts"]["sent"] == 3
    assert "nothing waits" in automator("outbox", "list", *later).err


# --- outbox, ledger, templates ---------------------------------------------------------------


def test_outbox_that_is_a_file(here: Path) -> None:
    """An outbox that cannot be written is exit 2, before anything is recorded as sent."""
    (here / "box").write_text("")
    _refused(automator("run", "--outbox", "box", *NOW), 2, "the outbox")
    assert automator("run", "--json", *NOW).document["counts"]["sent"] == 2


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_outbox_that_is_read_only(here: Path) -> None:
    """A folder without the right to write is exit 2."""
    (here / "box").mkdir(mode=0o500)
    _refused(automator("run", "--outbox", "box", *NOW), 2, "the outbox")


def test_outbox_on_a_read_only_file_system() -> None:
    """Nor may root write into the kernel's own file system."""
    _refused(automator("run", "--outbox", "/proc/automator", *NOW), 2, "the outbox")


@pytest.mark.parametrize("call", [("run",), ("status",), ("explain", "TH-A", "plan")])
def test_ledger_that_is_no_database(here: Path, call: tuple[str, ...]) -> None:
    """Another file is not taken for a ledger, and not touched."""
    (here / "notes.txt").write_text("Ghi chú của văn thư", "utf-8")
    _refused(automator(*call, "--ledger", "notes.txt", *NOW), 5, "notes.txt is no ledger")
    assert (here / "notes.txt").read_text("utf-8") == "Ghi chú của văn thư"


def test_ledger_of_another_program(here: Path) -> None:
    """A database with other tables is not taken over."""
    with sqlite3.connect(here / "other.db") as other:
        other.execute("CREATE TABLE people (name TEXT)")
    other.close()
    _refused(automator("run", "--ledger", "other.db", *NOW), 5, "other.db is no ledger")


def test_ledger_in_a_folder_that_is_not_there() -> None:
    """The folder to create is named."""
    called = automator("run", "--ledger", "none/automator.db", *NOW)
    _refused(called, 5, "does not exist")
    assert "mkdir -p" in called.err


def test_ledger_that_another_run_holds(here: Path) -> None:
    """A second run at the same time is exit 4, says who holds it, and sends nothing."""
    config = load(here / "config.toml")
    with Ledger.open(config.ledger, config.workbook.id) as ledger, ledger.lock():
        _refused(automator("run", *NOW), 4, f"process {os.getpid()}")
        assert automator("status", *NOW).code == 0
    assert not list((here / "outbox").glob("*.eml"))


def _break(folder: Path, template: str) -> None:
    path = folder / "templates" / template
    path.write_text("{{ nobody_knows_this }}\n" + path.read_text("utf-8"), "utf-8")


def test_broken_template_harms_its_own_mails(here: Path) -> None:
    """An undefined name fails the mails of that template, at its line; the others go out."""
    _break(here, "alert.txt.j2")
    workbook(here / "so.xlsx", schools=(*SCHOOLS[:2], (*SCHOOLS[2][:4], None)))
    called = automator("run", "--json", *NOW)
    states = {m["kind"]: (m["state"], m["detail"]) for m in called.document["messages"]}
    assert called.code == 1
    assert states["chase"] == ("sent", "")
    assert states["alert"][0] == "failed"
    assert "alert.txt.j2, line" in states["alert"][1]
    assert "nobody_knows_this" in states["alert"][1]


def test_broken_template_of_many_mails_holds_all(here: Path) -> None:
    """Beyond `share` the templates as a whole are not trusted: all is held, and it is said."""
    names = {f"TH-{i}": f"th-{i}@truong.example" for i in range(9)} | {"TH-X": None}
    many = [(code, f"Trường Tiểu học {code}", "TH", "28036", box) for code, box in names.items()]
    workbook(here / "so.xlsx", schools=(*SCHOOLS[:1], *many))
    _break(here, "ladder.html.j2")
    called = automator("run", "--json", *NOW)
    assert called.code == 1
    assert {(m["kind"], m["state"]) for m in called.document["messages"]} == {
        ("chase", "failed"),
        ("alert", "sent"),
    }
    (mail,) = (here / "outbox").glob("*.eml")
    assert "operator" in mail.name


def _as_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _unwritable_status(path: Path) -> None:
    path.with_suffix(".tinh-trang.xlsx").mkdir()


@pytest.mark.parametrize(
    ("spoil", "code", "said"),
    [
        pytest.param(_as_folder, 3, "it is a folder", id="source-is-a-folder"),
        pytest.param(_unwritable_status, 1, "so.tinh-trang.xlsx", id="status-unwritable"),
    ],
)
def test_folders_in_the_place_of_files(
    here: Path, spoil: Callable[[Path], None], code: int, said: str
) -> None:
    """A status that cannot be written is said after the mails went out; a source is refused."""
    spoil(here / "so.xlsx")
    called = automator("run", *NOW)
    assert called.code == code
    assert said in called.err
    assert "Traceback" not in called.err

"""config.toml becomes frozen core values; the shipped file is the directive of 2021."""

import os
import re
import shutil
import subprocess
import sys
import unicodedata
from dataclasses import FrozenInstanceError
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import get_args

import pytest
from pydantic import BaseModel

from automator import resources
from automator.config import Config, load
from automator.config.model import File
from automator.core.directive import LOCAL_AUTHORITIES, Ladder, Offset, Policy, Span
from automator.errors import ConfigError

ROOT = Path(__file__).parent.parent
CONFIGS = Path(__file__).parent / "configs"


@pytest.fixture(scope="module")
def shipped() -> Config:
    """The file at the top of the repository."""
    return load(ROOT / "config.toml")


def words(ladder: Ladder | None) -> list[str]:
    """Return a ladder as three strings, as a clerk would write it."""
    assert ladder is not None
    return [" ".join(map(str, r)) for r in (ladder.remind, ladder.chase, ladder.escalate)]


class TestShipped:
    """The whole directive of 2021, with the ids and defaults that scripts rely on."""

    def test_number_and_day_stay_blank(self, shipped: Config) -> None:
        """The original leaves them blank; nothing is invented."""
        assert (shipped.directive.number, shipped.directive.issued) == ("", "")

    def test_hard_obligations(self, shipped: Config) -> None:
        """Five duties can be counted, under their promised ids, titles and tabs."""
        assert [(o.id, o.title, o.clause, o.tab) for o in shipped.directive.hard] == [
            ("plan", "Kế hoạch phong trào toàn dân bảo vệ an ninh Tổ quốc", "8; 3", "plans"),
            ("propaganda", "Hình thức tuyên truyền", "6", "propaganda"),
            ("model", "Mô hình phòng, chống tội phạm và bảo vệ an ninh Tổ quốc", "6", "models"),
            ("urgent-report", "Báo cáo đột xuất", "8", "incidents"),
            ("periodic-report", "Báo cáo định kỳ", "8", "periodic"),
        ]

    def test_deadlines(self, shipped: Config) -> None:
        """The plan's day is the letter's; the other deadlines are marked as the office's."""
        plan, form, model, urgent, periodic = shipped.directive.hard
        assert (plan.before, plan.confirm, plan.starts) == (
            date(2021, 2, 25),
            True,
            date(2021, 2, 3),
        )
        assert {form.by, model.by} == {date(2021, 12, 31)}
        assert (urgent.within, urgent.of, urgent.event_levels) == (
            timedelta(hours=24),
            "known_at",
            (1, 2),
        )
        assert (periodic.every, periodic.on, periodic.shift) == ("month", 5, "next-working-day")
        assert (periodic.starts, periodic.ends) == (date(2021, 2, 1), date(2021, 12, 31))
        assert [o.office_choice for o in shipped.directive.hard] == [False, True, True, True, True]

    def test_ladders(self, shipped: Config) -> None:
        """The steps of each are those of the contract."""
        assert {o.id: words(o.ladder) for o in shipped.directive.hard} == {
            "plan": ["5 1", "1 5", "3"],
            "propaganda": ["20 5", "5", ""],
            "model": ["20 5", "5", ""],
            "urgent-report": ["6h", "1h 24h", "24h"],
            "periodic-report": ["3 1", "1", "5"],
        }

    def test_soft_duties_cover_the_other_clauses(self, shipped: Config) -> None:
        """Twelve soft duties: without deadline or ladder, each with its clause."""
        soft = [o for o in shipped.directive.obligations if not o.hard]
        assert [o.clause for o in soft] == [*"1", *"222", *"33", *"4", *"5", *"6", *"777"]
        assert all(o.ladder == Ladder() and o.action for o in soft)

    def test_units(self, shipped: Config) -> None:
        """The office, the police, two superiors without mail, the town and the communes."""
        units = shipped.directive.units
        assert [(u.id, u.kind) for u in units[:4]] == [
            ("office", "office"),
            ("police", "police"),
            ("superior-education", "superior"),
            ("superior-district", "superior"),
        ]
        assert [u.id for u in units if u.kind in LOCAL_AUTHORITIES] == [
            *("28036", "28039", "28042", "28045", "28048", "28051"),
            *("28054", "28057", "28060", "28063", "28066", "28072"),
        ]
        assert {u.id: u.name for u in units}["28048"] == "Ủy ban nhân dân xã Mỹ Lạc"

    def test_every_address_is_fictional(self, shipped: Config) -> None:
        """Nobody gets a mail by mistake: all domains end in .example."""
        units = shipped.directive.units
        addresses = [a for u in units for a in (*u.emails, *u.leader_emails, *u.duty_emails)]
        addresses += [shipped.mail.sender, shipped.mail.reply_to]
        assert len(addresses) == 18
        assert all(address.endswith(".example") for address in addresses)

    def test_policy(self, shipped: Config) -> None:
        """The file spells out the defaults of the program."""
        assert shipped.policy == Policy()
        assert shipped.policy.quiet == (time(20), time(6))
        assert shipped.policy.long_past == Span(10, "working days")

    def test_schedule_and_calendar(self, shipped: Config) -> None:
        """Daily at seven, summaries on Mondays; the swapped days of 2026; the pupils' break."""
        schedule, calendar = shipped.schedule, shipped.calendar
        assert (schedule.daily, schedule.digest_weekday, schedule.digest_at) == (
            time(7),
            1,
            time(7),
        )
        assert schedule.watch == timedelta(minutes=10)
        assert calendar.off == {date(2026, 1, 2)}
        assert calendar.work == {date(2026, 1, 10)}
        assert calendar.breaks == ((date(2021, 2, 2), date(2021, 2, 28)),)
        assert str(shipped.zone) == "Asia/Ho_Chi_Minh"

    def test_mail_goes_into_a_folder(self, shipped: Config) -> None:
        """Nothing is sent before the office says so."""
        assert (shipped.mail.transport, shipped.mail.folder) == ("folder", ROOT / "outbox")


class TestSearch:
    """Which file is read, and where its relative paths start."""

    def test_the_working_directory_comes_before_the_package(self, tmp_path: Path) -> None:
        """./config.toml is read where no file is named; its folder is the base."""
        shutil.copy(CONFIGS / "minimal.toml", tmp_path / "config.toml")
        config = load(cwd=tmp_path)
        assert (config.path, config.packaged) == (tmp_path / "config.toml", False)
        assert config.workbook.path == tmp_path / "so.xlsx"
        assert config.workbook.status_path == tmp_path / "so.tinh-trang.xlsx"

    def test_a_named_file_gives_its_folder(self, tmp_path: Path) -> None:
        """With --config, ledger and outbox go beside the file, wherever the program runs."""
        config = load(CONFIGS / "minimal.toml", cwd=tmp_path)
        assert config.ledger == str(CONFIGS / "automator.db")
        assert config.mail.folder == CONFIGS / "outbox"

    def test_a_relative_name_starts_at_the_working_directory(self) -> None:
        """`--config configs/minimal.toml` is looked for where the user stands."""
        assert load(Path("configs/minimal.toml"), cwd=CONFIGS.parent).workbook.id == "main"

    def test_the_packaged_set_up_writes_where_the_user_stands(self, tmp_path: Path) -> None:
        """The sample is read in the package; ledger, mails and status are the user's."""
        config = load(cwd=tmp_path)
        assert config.packaged
        assert config.workbook.path == resources.sheet_templates() / "so-theo-doi-mau.xlsx"
        assert config.workbook.status_path == tmp_path / "so-theo-doi-mau.tinh-trang.xlsx"
        assert config.ledger == str(tmp_path / "automator.db")
        assert config.mail.folder == tmp_path / "outbox"

    def test_flags_override_the_file(self, tmp_path: Path) -> None:
        """Paths of flags start at the working directory; the workbook keeps its id."""
        config = load(
            CONFIGS / "google.toml",
            workbook=Path("moi.xlsx"),
            ledger="sqlite:///moi.db",
            outbox=Path("thu"),
            cwd=tmp_path,
        )
        assert (config.workbook.id, config.workbook.source) == ("1AbC", "xlsx")
        assert config.workbook.path == tmp_path / "moi.xlsx"
        assert config.workbook.status_path == tmp_path / "moi.tinh-trang.xlsx"
        assert config.ledger == f"sqlite:///{tmp_path}/moi.db"
        assert config.mail.folder == tmp_path / "thu"

    def test_an_outbox_by_flag_never_sends(self, tmp_path: Path) -> None:
        """--outbox wins over SMTP: whoever looks at mails in a folder wants none sent."""
        config = load(CONFIGS / "loopback-smtp.toml", outbox=tmp_path)
        assert config.mail.transport == "folder"

    @pytest.mark.parametrize(
        "url",
        [
            "postgresql+psycopg://automator@db.example/automator",
            "sqlite://",
            "sqlite:////var/lib/automator.db",
            "sqlite:///:memory:",
        ],
    )
    def test_other_ledger_urls_stay(self, url: str) -> None:
        """A URL without a relative path is handed to SQLAlchemy as it is."""
        assert load(CONFIGS / "minimal.toml", ledger=url).ledger == url

    def test_it_loads_from_an_installed_wheel(self, tmp_path: Path) -> None:
        """Outside the checkout, the files of the package are found under automator/data."""
        site = tmp_path / "site"
        shutil.copytree(
            ROOT / "automator",
            site / "automator",
            ignore=shutil.ignore_patterns("__pycache__", "data"),
        )
        (site / "automator/data/sheet_templates").mkdir(parents=True)
        shutil.copy(ROOT / "config.toml", site / "automator/data")
        here = tmp_path / "anywhere"
        here.mkdir()
        code = (
            "from automator.config import load; c = load();"
            "print(c.workbook.path); print(c.workbook.status_path)"
        )
        done = subprocess.run(
            [sys.executable, "-P", "-c", code],
            cwd=here,
            env={**os.environ, "PYTHONPATH": str(site)},
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.splitlines() == [
            str(site / "automator/data/sheet_templates/so-theo-doi-mau.xlsx"),
            str(here / "so-theo-doi-mau.tinh-trang.xlsx"),
        ]

    def test_help_does_not_wait_for_pydantic(self) -> None:
        """Importing `load` imports no pydantic: only reading a file does."""
        code = "import sys, automator.config; print('pydantic' in sys.modules)"
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
        )
        assert done.stdout == "False\n"


class TestValues:
    """What the keys become."""

    def test_the_least_that_works(self) -> None:
        """Whatever is left out has its default; the office answers for itself."""
        config = load(CONFIGS / "minimal.toml")
        office = config.directive.office
        assert office is not None
        assert config.policy == Policy()
        assert office.leader_emails == office.duty_emails == office.operator_emails
        assert config.mail.sender == config.mail.reply_to == "vanthu@phong.example"
        assert config.mail.sender_name == "Phòng Giáo dục và Đào tạo"
        assert config.directive.year == 2021

    def test_a_google_sheet(self) -> None:
        """Its id names it in the ledger; schools see each other there, so it is neutral."""
        workbook = load(CONFIGS / "google.toml").workbook
        assert (workbook.id, workbook.publish) == ("1AbC", "neutral")
        assert (workbook.path, workbook.status_path) == (None, None)
        assert workbook.credentials == CONFIGS / "key.json"
        assert workbook.api_endpoint == "http://127.0.0.1:8080"
        assert workbook.incidents is not None
        assert workbook.incidents.path == CONFIGS / "vu-viec.xlsx"
        assert (workbook.incidents.id, workbook.incidents.publish) == ("1AbC-incidents", "all")

    def test_publish_is_policy_too(self) -> None:
        """The turn knows what may be published of this workbook."""
        assert load(CONFIGS / "google.toml").policy.publish == "neutral"

    def test_ladders_by_id_by_kind_and_by_hand(self) -> None:
        """A rung that is left out keeps its default; one that is set is taken alone."""
        config = load(CONFIGS / "ladders.toml")
        assert {o.id: words(o.ladder) for o in config.directive.obligations} == {
            "plan": ["5 1", "2", "3"],
            "weekly": ["3 1", "1", "5"],
            "event": ["6h", "1h 24h", "24h"],
            "once": ["5 1", "1 5", "3"],
        }
        assert words(config.policy.reopen) == ["2", "1", "3"]
        assert words(config.directive.obligations[0].reopen) == ["2", "6h", "3"]

    def test_keys_of_a_recurring_one(self) -> None:
        """Weekdays are ISO numbers, weeks are seven days, streaks are in order."""
        weekly = load(CONFIGS / "ladders.toml").directive.obligations[1]
        assert (weekly.on, weekly.excepted) == (2, ("2021-W08",))
        assert weekly.close_after == Span(7, "days")
        assert dict(weekly.escalate_streak) == {2: "leader", 4: "commune"}

    def test_keys_of_a_dated_one(self) -> None:
        """Days may be text, times may be TOML times, grace counts working days."""
        once = load(CONFIGS / "ladders.toml").directive.obligations[3]
        assert (once.by, once.cutoff) == (date(2021, 3, 31), time(17))
        assert once.grace == Span(2, "working days")

    def test_hours_may_be_minutes(self) -> None:
        """An event's time is a duration on the clock."""
        event = load(CONFIGS / "ladders.toml").directive.obligations[2]
        assert event.within == timedelta(minutes=90)
        assert event.ladder.remind == (Offset(6, hours=True),)

    def test_waivers_and_extensions(self) -> None:
        """Contents become ids, scopes what the core calls them."""
        given = load(CONFIGS / "decisions.toml").decisions
        assert [(w.school, w.obligation, w.valid_from) for w in given.waivers] == [
            ("TH-MY-LAC", "plan", date(2021, 2, 20))
        ]
        assert [(e.scope, e.last_day) for e in given.extensions] == [
            ("*", date(2021, 3, 5)),
            ("unit:28048", date(2021, 3, 6)),
            ("school:TH-MY-LAC", date(2021, 3, 7)),
        ]
        assert given.extensions[0].source == "config.toml extension[1]"
        (pause,) = given.pauses
        assert (pause.scope, pause.obligation) == ("unit:28048", "plan")
        assert pause.begins == datetime.fromisoformat("2021-02-08T00:00:00+07:00")
        assert pause.until == datetime.fromisoformat("2021-02-17T00:00:00+07:00")

    def test_text_is_composed(self, tmp_path: Path) -> None:
        """Vietnamese typed on a Mac (decomposed), with a byte-order mark, reads the same."""
        text = (CONFIGS / "minimal.toml").read_text("utf-8")
        file = tmp_path / "config.toml"
        file.write_text("\ufeff" + unicodedata.normalize("NFD", text), "utf-8")
        assert load(file).directive.obligations[0].title == "Kế hoạch"

    def test_values_are_frozen(self) -> None:
        """No part of the program can change the configuration under another."""
        config = load(CONFIGS / "minimal.toml")
        with pytest.raises(FrozenInstanceError):
            config.ledger = "other.db"  # type: ignore[misc]

    def test_the_two_tiers_since_2025_are_a_config(self) -> None:
        """Organisation is data: an office of a commune, communes and a ward, no district."""
        units = load(CONFIGS / "two-tier-2025.toml").directive.units
        assert [u.name for u in units if u.kind in ("office", "police")] == [
            "Phòng Văn hóa - Xã hội xã Thủ Thừa",
            "Công an xã Thủ Thừa",
        ]
        by_id = {u.id: u.name for u in units}
        assert by_id["28066"] == "Ủy ban nhân dân xã Mỹ An"
        assert not [name for name in by_id.values() if "huyện" in name]


class TestPassword:
    """The password is read where it is named, when it is needed, and never repeated."""

    def test_from_the_environment(self, tmp_path: Path) -> None:
        """A variable is named in the file and read from the environment that is given."""
        mail = load(_with_mail(tmp_path, 'password_env = "MAT_KHAU"')).mail
        assert mail.password({"MAT_KHAU": "x y"}) == "x y"

    def test_a_variable_that_is_not_set(self, tmp_path: Path) -> None:
        """The error names the variable."""
        mail = load(_with_mail(tmp_path, 'password_env = "MAT_KHAU"')).mail
        with pytest.raises(ConfigError, match="MAT_KHAU"):
            mail.password({})

    def test_from_a_file(self, tmp_path: Path) -> None:
        """A file's last line break is no part of the password."""
        mail = load(_with_mail(tmp_path, 'password_file = "mat-khau"')).mail
        (tmp_path / "mat-khau").write_text("x y\n")
        assert mail.password({}) == "x y"

    @pytest.mark.parametrize("content", [None, b"", b"\xff"], ids=["missing", "empty", "bytes"])
    def test_a_file_that_holds_none(self, content: bytes | None, tmp_path: Path) -> None:
        """The error names the file."""
        mail = load(_with_mail(tmp_path, 'password_file = "mat-khau"')).mail
        if content is not None:
            (tmp_path / "mat-khau").write_bytes(content)
        with pytest.raises(ConfigError, match="mat-khau"):
            mail.password({})

    def test_none_is_needed_without_a_user(self) -> None:
        """A server that takes mail without logging in gets no password."""
        assert load(CONFIGS / "loopback-smtp.toml").mail.password({}) == ""


class TestImap:
    """The sender's mailbox: the account of [mail], unless it has one of its own."""

    def test_none_by_default(self, shipped: Config) -> None:
        """Without the section no mailbox is read."""
        assert shipped.mail.imap is None

    def test_account_of_mail(self) -> None:
        """Only the host must be named: the login, time limit and certificates are those above."""
        imap = load(CONFIGS / "imap.toml").mail.imap
        assert imap is not None
        assert (imap.host, imap.port, imap.security) == ("imap.phong.example", 993, "tls")
        assert (imap.user, imap.ca_file, imap.timeout) == (
            "antq@phong.example",
            CONFIGS / "ca.pem",
            timedelta(minutes=1),
        )
        assert (imap.sent, imap.inbox) == ("auto", "INBOX")
        assert imap.password({"SMTP_PASSWORD": "x y"}) == "x y"

    def test_account_of_its_own(self, tmp_path: Path) -> None:
        """With a user of its own, its password is named beside it, and the error says where."""
        own = 'host = "imap.example"\nsecurity = "starttls"\nuser = "hop-thu"\n'
        text = (CONFIGS / "minimal.toml").read_text("utf-8")
        file = tmp_path / "config.toml"
        file.write_text(f'{text}\n[mail.imap]\n{own}password_env = "MAT_KHAU"\n', "utf-8")
        imap = load(file).mail.imap
        assert imap is not None
        assert (imap.port, imap.user, imap.password({"MAT_KHAU": "z"})) == (143, "hop-thu", "z")
        with pytest.raises(ConfigError, match=r"MAT_KHAU, named in \[mail\.imap\]"):
            imap.password({})


def _with_mail(folder: Path, line: str) -> Path:
    text = (CONFIGS / "minimal.toml").read_text("utf-8")
    file = folder / "config.toml"
    file.write_text(f'{text}\n[mail]\nuser = "antq"\n{line}\n', "utf-8")
    return file


def _keys(model: type[BaseModel]) -> set[str]:
    """Return every key of a model and of the tables in it."""
    found = set()
    for name, field in model.model_fields.items():
        found.add(field.alias or name)
        for inner in _models(field.annotation):
            found |= _keys(inner)
    return found


def _models(annotation: object) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for inner in get_args(annotation) for model in _models(inner)]


@pytest.mark.parametrize("section", File.model_fields)
def test_every_key_is_documented(section: str) -> None:
    """docs/config.md explains each key of the model, in the section where it belongs."""
    parts = re.split(r"^## ", (ROOT / "docs/config.md").read_text("utf-8"), flags=re.MULTILINE)
    text = next(part for part in parts if f"[{section}]" in part.partition("\n")[0])
    keys = set().union(*map(_keys, _models(File.model_fields[section].annotation)))
    shown = r"`{0}`|\.{0}\]|^(# )?{0} = |{0}: "
    assert keys
    assert {k for k in keys if not re.search(shown.format(k), text, re.MULTILINE)} == set()

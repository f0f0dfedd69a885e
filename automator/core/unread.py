"""A workbook that could not be read at all: nothing is judged, the operator alone is told."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from automator.core import alerts as alerting
from automator.core.alerts import Alert
from automator.core.assess import Rules
from automator.core.bounces import reach
from automator.core.items import notice
from automator.core.lines import Speech
from automator.core.memory import Episode, Memory
from automator.core.notice import Notice
from automator.core.people import people
from automator.core.pinned import trusted

CODE = "unreadable_workbook"


def unread(
    memory: Memory, rules: Rules, reason: str, now: datetime
) -> tuple[Memory, Notice | None]:
    """Return the memory with the running condition, and what the operator must be told of it.

    Nothing (None) if that was told while it lasts. The next turn that reads the workbook ends
    the condition. `reason` is one line; whatever it says, the condition is one.
    """
    now = now.astimezone(rules.calendar.zone)
    alert = Alert(code=CODE, subject="workbook", line=f"Chi tiết kỹ thuật: {reason}")
    known = memory.alerts.get(alert.instance)
    mine: Mapping[str, Episode] = {alert.instance: known} if known else {}
    episodes = {**memory.alerts, **alerting.running(mine, [alert], now)}
    there = people(rules.directive, {}, now.date())
    key = alerting.alert_key(alert, there.office, episodes)
    who = (there.office, "operator")
    allowed = trusted(there.recipients(), {}, rules.policy.allow_domains).recipients
    recipients = reach(allowed, memory.bounces).recipients.get(who, ())
    after = replace(memory, alerts=episodes)
    if key in memory.told or not recipients:
        return after, None
    speech = Speech(
        directive=rules.directive, calendar=rules.calendar, people=there, now=now, links={}
    )
    items = [alerting.item(CODE, [alert])]
    return after, notice(*who, recipients, speech, alerts=items, alert_keys=(key,))

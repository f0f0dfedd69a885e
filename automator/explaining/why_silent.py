"""Why a step is not told now, a sentence each."""

from automator.core.withheld import Withheld

WHY_SILENT: dict[Withheld, str] = {
    Withheld.NOT_IN_FORCE: "the obligation is not in force (any more)",
    Withheld.WAIVED: "a waiver covers it",
    Withheld.NOT_ASKED: "this pass does not look at its tab",
    Withheld.UNREADABLE_TAB: "its tab cannot be read now",
    Withheld.CLOSED: "the school is closed, or this period is chased no more",
    Withheld.ALREADY_TOLD: "it has been told",
    Withheld.NEWER_STEP: "a newer step of the ladder takes its place",
    Withheld.NEXT_STEP_LATER: "its day has not come",
    Withheld.NO_CHASE_YET: "nothing is escalated before a chase has been sent",
    Withheld.NOT_ACKNOWLEDGED: "the office has not acknowledged the incident",
    Withheld.NOT_SETTLED: "a second read must agree first",
    Withheld.DAY_OFF: "today is a day off",
    Withheld.QUIET_HOURS: "these are quiet hours",
    Withheld.NO_ADDRESS: "there is no address",
    Withheld.ADDRESS_NOT_APPROVED: "the address has changed and is not approved",
    Withheld.DOMAIN_NOT_ALLOWED: "the address is of a domain that is not allowed",
    Withheld.BOUNCED: "mail to the address bounced",
    Withheld.UNDELIVERABLE: "the server refused it for good, or it was thrown away",
    Withheld.DAILY_CAP: "the unit has had its mails for today",
    Withheld.OLD_DUTY: "it was long past when it was first seen; the operator decides",
    Withheld.PAUSED: "telling is paused",
    Withheld.BREAKER: "the new rows are not believable; the operator decides",
    Withheld.FIRST_RUN: "a new ledger over SMTP tells the operator alone until --first-run",
    Withheld.LEDGER_UNKNOWN: "the ledger does not fit the workbook; the operator decides",
}

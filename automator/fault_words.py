"""Problems in English: what logs and the operator read. Schools read Vietnamese."""

from collections.abc import Iterable

from automator.core.problem import Problem, Severity

WORDS: dict[str, str] = {
    # one cell
    "ambiguous_school": "more than one school fits",
    "ambiguous_unit": "more than one commune, town or ward fits",
    "bad_code": "a code may hold letters, digits, '.', '&', '+' and '-' only",
    "bad_email": "not an e-mail address",
    "bad_incident_code": "not an incident's code such as VV-2021-014",
    "bad_period": "names no period of this obligation",
    "period_ignored": "this obligation has no periods",
    "period_not_asked": "nobody asks for this period",
    "bad_phone": "not a Vietnamese telephone number",
    "bad_time": "the day is real, the time is not",
    "broken_encoding": "text in an old font's encoding (TCVN3, VNI), or taken apart by a PDF",
    "days_inverted": "ends before it begins",
    "duplicate_incident_code": "another incident has this code",
    "error_value": "the formula in the cell fails",
    "expected_blank": "blank: the row counts as incomplete",
    "extension_too_early": "the new deadline is earlier than the old one",
    "future": "lies in the future and counts from then on",
    "incident_code_kept": "the incident keeps the code that it got when it was first seen",
    "incident_needed": "which incident is meant must be said",
    "month_first": "month before day (American order)?",
    "no_address": "the school has no e-mail address",
    "no_day": "the day is missing",
    "no_year": "the year is missing",
    "not_a_count": "not a whole number of at least 0",
    "not_a_date": "not a real day",
    "not_in_list": "not one of the list",
    "not_yes_no": "neither yes nor no",
    "old_phone": "a mobile number of eleven digits, as before 2018",
    "out_of_window": "a real day, but it cannot be meant; the year may be wrong",
    "period_needed": "which period is meant must be said",
    "personal_data": "seems to hold personal data",
    "phone_zero": "read with the leading 0 that Excel drops",
    "required_blank": "blank: without it the row counts for nothing",
    "shared_address": "another unit has this address too; each gets its own mail",
    "school_guessed": "not spelled as in the roster; read as the only school it can mean",
    "secret": "marked as a state secret: mail about its row is held",
    "serial_text": "an Excel serial typed as text; read as its day",
    "several_choices": "several choices; the first one is taken",
    "several_dates": "several days in one cell",
    "several_phones": "several numbers; the first one is taken",
    "several_schools": "several schools in one cell",
    "suspicious_email": "the domain looks mistyped; the address is used as it is",
    "unit_guessed": "another kind of place is written; read as the only one of that name",
    "unknown_content": "names no obligation",
    "unknown_incident": "the school has no incident of that code",
    "unknown_scope": "a decision about a school or commune that is not there",
    "unknown_school": "no such school in the roster",
    "unknown_unit": "no such commune, town or ward in the configuration",
    "waiver_unclear": "unreadable: the waiver is not in force",
    "weekday_differs": "the weekday is not that of the day; the day is taken",
    "words_in_count": "words beside a number; the number is taken",
    # a row
    "above_header": "the row stands above the header and is read all the same",
    "duplicate_school": "an earlier row has this school's code for the same days",
    "not_an_entry": "a total or a note among the rows; it is left out",
    "repeated_header": "the header once more; it is left out",
    # a column or a tab
    "days_swapped": "all date cells may have day and month swapped (American Excel)",
    "duplicate_header": "this header stands twice; the first column is read",
    "duplicate_tab": "two tabs have this name; the first one is read",
    "incidents_elsewhere": "incidents have a workbook of their own; rows here are not read",
    "missing_column": "the column is not found in the first ten rows",
    "missing_tab": "the tab is not found",
    "unknown_column": "not a column of this tab; it is not read",
    "unknown_tab": "not a tab of this workbook; it is not read",
    # the whole workbook
    "locale_differs": "the sheet's locale is another: days typed may have day and month swapped",
    "time_zone_differs": "the sheet's time zone is not that of the configuration",
}
_EFFECT = {"blocks": "not counted", "corrected": "corrected", "warns": "warning"}


def line(problem: Problem) -> str:
    """Return one problem in one line: "Kế hoạch!C12 not_a_date (not counted): not a real day".

    What was typed is never repeated: a log outlives the cell.
    """
    place = f"{problem.tab}!{problem.cell}" if problem.cell else problem.tab
    header = f" [{problem.header}]" if problem.header else ""
    said = WORDS.get(problem.code, "see the tab Lỗi nhập liệu")
    return f"{place}{header} {problem.code} ({_EFFECT[problem.severity.value]}): {said}"


def lines(problems: Iterable[Problem]) -> list[str]:
    """Return every problem in a line, those that block first."""
    return [line(p) for p in sorted(problems, key=lambda p: p.severity is not Severity.BLOCKS)]

"""An explanation as plain values."""

from typing import Any

from automator import report as reporting
from automator.core.finding import Finding
from automator.explaining.rows import of_finding
from automator.explaining.whole import lines
from automator.report import Report


def as_json(report: Report, findings: list[Finding]) -> dict[str, Any]:
    """Return the findings with what was told and what stays silent, as plain values.

    `reasoning` holds the lines of each finding by its full key.
    """
    wanted = {f.key for f in findings}
    whole = reporting.document(report)
    tellings = report.outcome.scene.desk.tellings.of_instance
    return {
        "schema": reporting.SCHEMA,
        "now": whole["now"],
        "findings": [reporting.finding(f, report.zone) for f in findings],
        "problems": [reporting.problem(p) for f in findings[:1] for p in of_finding(report, f)],
        "told": [
            {
                "unit": k.unit,
                "role": k.role,
                "instance": k.instance,
                "step": k.step,
                "episode": k.episode,
                "at": reporting.instant(t.at, report.zone),
                "message": t.message,
            }
            for name in sorted(wanted)
            for k, t in tellings.get(name, ())
        ],
        "withheld": [w for w in whole["withheld"] if w["instance"] in wanted],
        "reasoning": {f.key: lines(report, f) for f in findings},
    }

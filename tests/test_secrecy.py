"""What is marked as secret, and what must not be quoted, stays in the workbook."""

from builders import MY_LAC, Story, plan


def test_a_secret_incident_is_in_no_digest() -> None:
    """The week's summaries count and list only what is not marked MẬT."""
    incident = {
        "school": MY_LAC,
        "level": 3,
        "occurred": "24/02/2021 08:00",
        "kind": "TC",
        "report_number": "01/BC MẬT",
    }
    story = Story()
    story.read("2021-02-25", incidents=[incident])
    outcome = story.read("2021-03-01", incidents=[incident])
    digests = [n.digest for n in outcome.plan.notices if n.digest is not None]
    assert digests
    assert all(d.incidents == () and d.incidents_total == 0 for d in digests)


def test_a_telephone_number_in_a_cell_of_days_is_not_quoted() -> None:
    """The fault is named with its cell, not with what was typed."""
    outcome = Story().read("2021-02-24", plans=[plan(MY_LAC, "20/02/2020 0912345678")])
    quoted = [p.value for p in outcome.problems if p.header == "Ngày gửi"]
    assert quoted == [None]


def test_a_returned_plan_is_owed_by_its_new_day() -> None:
    """The summary of a school whose plan came back names the day of the supplement."""
    back = {
        "school": MY_LAC,
        "content": "plan",
        "arrived": "19/02/2021",
        "result": "Đề nghị bổ sung",
        "returned": "26/02/2021",
    }
    story = Story()
    arrived = {"school": MY_LAC, "content": "plan", "arrived": "19/02/2021"}
    story.read("2021-02-24", receipts=[arrived])
    story.read("2021-02-26", receipts=[back])
    outcome = story.read("2021-03-01", receipts=[back])
    digest = next(n.digest for n in outcome.plan.notices if n.unit == MY_LAC and n.digest)
    assert [line.rpartition(": ")[2] for line in digest.todo] == [
        "chậm nhất hết thứ Sáu, ngày 05/03/2021"
    ]

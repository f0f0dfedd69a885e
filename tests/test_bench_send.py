"""The bench of the sending measures mails that really left; nothing is timed here."""

from bench import send


def test_every_way_sends_and_each_target_is_said() -> None:
    """A few mails over each way, to a server in another process that lets nobody in unasked."""
    rates = send.measure(8, rounds=2)
    assert all(rate > 0 for rate in rates.values())
    words = [line.split() for line in send.targets(rates)]
    assert [(w[0], w[1], w[3]) for w in words] == [
        ("TARGET", "send/transport", ">="),
        ("TARGET", "send/ledger", ">="),
        ("TARGET", "send/yagmail", ">="),
        ("TARGET", "send/building", ">="),
    ]
    assert {w[5] for w in words} <= {"ok", "MISSED"}


def test_a_missed_target_is_said() -> None:
    """In the figure's own line; met ones say ok."""
    rates = dict.fromkeys(
        [send.PLAIN, send.NAGLE, send.PLAIN + " + build", send.OURS + " + build"], 100.0
    ) | {send.OURS: 95.0, send.RECORDED: 60.0, send.STOCK: 10.0}
    assert send.targets(rates) == [
        "TARGET send/transport 0.95 >= 0.9 ok",
        "TARGET send/ledger 0.60 >= 0.7 MISSED",
        "TARGET send/yagmail 6.00 >= 5 ok",
        "TARGET send/building 1.00 >= 0.9 ok",
    ]

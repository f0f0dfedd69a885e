"""How far the talk with a server about one message has come."""

from enum import IntEnum


class Phase(IntEnum):
    """Only the last one leaves in doubt what became of a message when the line is cut."""

    SENDER = 0  # no recipient named yet: a new connection may start over
    RECIPIENTS = 1
    BODY = 2
    HANDED_OVER = 3  # the final dot has left this machine

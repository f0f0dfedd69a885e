"""From a notice to a delivered message."""

"""The memory: what was seen, judged, told."""

"""The pure core: no clock, file, network or environment; imports nothing else of automator."""

"""What holds for every test: no test fails because a machine is slow."""

from hypothesis import settings

settings.register_profile("automator", deadline=None)
settings.load_profile("automator")

"""What holds for every test: no test fails because a machine is slow.

`--hypothesis-profile long` tries many more examples of the model tests.
"""

from hypothesis import settings

settings.register_profile("automator", deadline=None)
settings.register_profile("long", deadline=None, max_examples=500)
settings.load_profile("automator")

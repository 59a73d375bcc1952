"""Where cells speak: to the host's session, or to whoever runs them as a step.

Never says anything itself.
"""

from wit_world.imports import session

# What has `write`, `display`, `result` and `clear`, as the host's session does.
to = session

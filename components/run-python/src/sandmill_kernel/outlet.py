"""Where cells speak, and where they hear whether to stop: the host's session, or whoever runs them as a step.

Never says anything itself.
"""

from wit_world.imports import session

# What has `write`, `display`, `result`, `clear` and `interrupted`, as the host's session does.
to = session

"""A module beside a step's own.

Never part of a package.
"""

SEVEN = 7

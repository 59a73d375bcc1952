"""What componentize-py gives Python whose component it makes, for an interpreter that it did not build.

Never more of it than this project's modules use.
"""


class Err(Exception):
    """A result that is an error."""

    def __init__(self, value: object) -> None:
        super().__init__(value)
        self.value = value

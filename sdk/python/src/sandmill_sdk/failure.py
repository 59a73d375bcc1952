"""How a step says that it failed, and whether another attempt may help.

Never needed for a defect: any exception fails the step.
"""


class Failure(Exception):
    """A failure that is told without the name of an exception: what happened, and what to do next.

    With `retryable`, another attempt may help, and the step's retry policy decides whether there is one.
    """

    def __init__(self, message: str, *, hint: str | None = None, retryable: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.retryable = retryable

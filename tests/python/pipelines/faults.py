"""Steps that fail, each in a way of its own."""

import os
import sys

from sandmill_sdk import Artifact, Failure, Model, Pipeline, step


def divide(number: int) -> float:
    return 1 / (number - number)


@step
def raises(number: int) -> float:
    try:
        return divide(number)
    except ZeroDivisionError as error:
        raise ValueError(f"{number} is no number to divide by") from error


@step
def gives_up() -> None:
    raise Failure("the sky is cloudy", hint="look again tomorrow")


@step
def comes_again() -> None:
    raise Failure("not yet", retryable=True)


@step
def returns_text() -> int:
    return "seven"


@step
def returns_a_set() -> list[int]:
    return {1, 2}


@step
def returns_too_much() -> list[int]:
    return [1, 2**63]


@step
def returns_no_model() -> Model:
    return Artifact.of_text("weights")


@step
def leaves() -> int:
    sys.exit(3)


@step
def breaks_off() -> int:
    os._exit(0)


@step
def looks_around() -> None:
    open("/etc/passwd").close()


STEPS = [
    raises, gives_up, comes_again, returns_text, returns_a_set, returns_too_much, returns_no_model, leaves, breaks_off,
    looks_around,
]

if __name__ == "__main__":
    pipeline = Pipeline("fault")
    found = next(each for each in STEPS if each.name == sys.argv[1])
    pipeline.step("fault", found, **({"number": 7} if found is raises else {})).retry(2, backoff="1ms")
    print(pipeline.to_json())

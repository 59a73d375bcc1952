"""Pipelines as components of pipelines.

Never more than three deep.
"""

from typing import NamedTuple

from cases import case
from kfp import dsl
from kfp.dsl import Dataset, Input
from steps import add, double, echo, fail, read_dataset, write_dataset


@dsl.pipeline(name='sum-and-double')
def sum_and_double(a: int, b: int = 10) -> int:
    return double(number=add(a=a, b=b).output).output


@case(outputs={'Output': 6}, states={'sum-and-double': 'SUCCEEDED', 'sum-and-double/add': 'SUCCEEDED'})
@dsl.pipeline(name='nested')
def nested() -> int:
    return sum_and_double(a=1, b=2).output


@case(outputs={'Output': 22})
@dsl.pipeline(name='nested-default')
def nested_default() -> int:
    return sum_and_double(a=1).output


class Both(NamedTuple):
    text: str
    data: Dataset


class Texts(NamedTuple):
    text: str
    read: str


@dsl.pipeline(name='both')
def both(text: str) -> Both:
    echoed = echo(text=text)
    return Both(text=echoed.output, data=write_dataset(text=echoed.output).outputs['data'])


@case(outputs={'text': 'x', 'read': 'x'}, states={'both/write-dataset': 'SUCCEEDED'})
@dsl.pipeline(name='nested-outputs')
def nested_outputs() -> Texts:
    inner = both(text='x')
    return Texts(text=inner.outputs['text'], read=read_dataset(data=inner.outputs['data']).output)


@dsl.pipeline(name='consume')
def consume(data: Input[Dataset]) -> str:
    return read_dataset(data=data).output


@case(outputs={'Output': 'given'})
@dsl.pipeline(name='nested-artifact-input')
def nested_artifact_input() -> str:
    return consume(data=write_dataset(text='given').outputs['data']).output


@dsl.pipeline(name='outer')
def outer(a: int) -> int:
    return sum_and_double(a=sum_and_double(a=a, b=0).output, b=0).output


@case(outputs={'Output': 12}, states={'outer/sum-and-double-2/double': 'SUCCEEDED'})
@dsl.pipeline(name='nested-twice')
def nested_twice() -> int:
    return outer(a=3).output


@case(states={'condition-1/sum-and-double/double': 'SUCCEEDED'})
@dsl.pipeline(name='nested-in-condition')
def nested_in_condition(a: int = 1):
    with dsl.If(a == 1):
        sum_and_double(a=a)


@dsl.pipeline(name='failing-inner')
def failing_inner():
    fail(message='inner')


@case(state='FAILED', states={'failing-inner': 'FAILED', 'failing-inner/fail': 'FAILED', 'echo': 'SKIPPED'})
@dsl.pipeline(name='nested-failing')
def nested_failing():
    inner = failing_inner()
    echo(text='after').after(inner)

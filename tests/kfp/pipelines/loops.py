"""ParallelFor in all its forms, and what is collected from it.

Never depends on which iteration is quicker.
"""

from typing import List

from cases import case
from kfp import dsl
from kfp.dsl import Dataset
from steps import (
    add, double, echo, join_texts, numbers_up_to, read_dataset, read_datasets, total, write_dataset,
)


@case(states={'for-loop-2': 'SUCCEEDED', 'for-loop-2/0/echo': 'SUCCEEDED', 'for-loop-2/2/echo': 'SUCCEEDED'})
@dsl.pipeline(name='loop-static')
def loop_static():
    with dsl.ParallelFor(['a', 'b', 'c']) as text:
        echo(text=text)


@case(outputs={'Output': 12})
@dsl.pipeline(name='loop-collected')
def loop_collected() -> int:
    with dsl.ParallelFor([1, 2, 3]) as number:
        doubled = double(number=number)
    return total(numbers=dsl.Collected(doubled.output)).output


@case(parameters={'texts': ['x', 'y']}, outputs={'Output': 'x,y'})
@dsl.pipeline(name='loop-over-parameter')
def loop_over_parameter(texts: List[str]) -> str:
    with dsl.ParallelFor(texts) as text:
        echoed = echo(text=text)
    return join_texts(texts=dsl.Collected(echoed.output)).output


@case(outputs={'Output': 12}, order=[['numbers-up-to', 'for-loop-1']])
@dsl.pipeline(name='loop-over-output')
def loop_over_output() -> int:
    with dsl.ParallelFor(numbers_up_to(count=4).output) as number:
        doubled = double(number=number)
    return total(numbers=dsl.Collected(doubled.output)).output


@dsl.component
def pair(label: str, size: str) -> str:
    return f'{label}{size}'


@case(outputs={'Output': 'a1,b2'})
@dsl.pipeline(name='loop-fields')
def loop_fields() -> str:
    with dsl.ParallelFor([{'label': 'a', 'size': 1}, {'label': 'b', 'size': 2}]) as item:
        echoed = pair(label=item.label, size=item.size)
    return join_texts(texts=dsl.Collected(echoed.output)).output


@case(parameters={'items': [{'n': 1}, {'n': 5}]}, outputs={'Output': 12})
@dsl.pipeline(name='loop-fields-of-parameter')
def loop_fields_of_parameter(items: list) -> int:
    with dsl.ParallelFor(items) as item:
        doubled = double(number=item.n)
    return total(numbers=dsl.Collected(doubled.output)).output


@case(states={'for-loop-2/1/for-loop-4/0/add': 'SUCCEEDED', 'for-loop-2/0/for-loop-4/1/add': 'SUCCEEDED'})
@dsl.pipeline(name='loop-nested')
def loop_nested():
    with dsl.ParallelFor([1, 2]) as a:
        with dsl.ParallelFor([10, 20]) as b:
            add(a=a, b=b)


@dsl.component
def show(value: list) -> str:
    import json
    return json.dumps(value)


@case(outputs={'Output': '[[11, 21], [12, 22]]'})
@dsl.pipeline(name='loop-nested-collected')
def loop_nested_collected() -> str:
    with dsl.ParallelFor([1, 2]) as a:
        with dsl.ParallelFor([10, 20]) as b:
            added = add(a=a, b=b)
    return show(value=dsl.Collected(added.output)).output


@case(states={'for-loop-2/0/for-loop-3/1/echo': 'SUCCEEDED', 'for-loop-2/1/for-loop-3/0/echo': 'SUCCEEDED'})
@dsl.pipeline(name='loop-over-item')
def loop_over_item():
    with dsl.ParallelFor([['a', 'b'], ['c']]) as items:
        with dsl.ParallelFor(items) as item:
            echo(text=item)


@case(states={'for-loop-2/4/echo': 'SUCCEEDED'})
@dsl.pipeline(name='loop-parallelism')
def loop_parallelism():
    with dsl.ParallelFor(['a', 'b', 'c', 'd', 'e'], parallelism=2) as text:
        echo(text=text)


@case(outputs={'Output': 'a,b'})
@dsl.pipeline(name='loop-collected-artifacts')
def loop_collected_artifacts() -> str:
    with dsl.ParallelFor(['a', 'b']) as text:
        written = write_dataset(text=text)
    return read_datasets(data=dsl.Collected(written.outputs['data'])).output


@dsl.pipeline(name='write-several')
def write_several() -> List[Dataset]:
    with dsl.ParallelFor(['a', 'b']) as text:
        written = write_dataset(text=text)
    return dsl.Collected(written.outputs['data'])


@case(outputs={'Output': 'a!,b!'})
@dsl.pipeline(name='loop-over-artifacts')
def loop_over_artifacts() -> str:
    with dsl.ParallelFor(write_several().output) as data:
        text = read_dataset(data=data)
        echoed = echo(text=f'{text.output}!')
    return join_texts(texts=dsl.Collected(echoed.output)).output


@case(parameters={'texts': []}, outputs={'Output': ''}, states={'for-loop-1': 'SUCCEEDED'})
@dsl.pipeline(name='loop-empty')
def loop_empty(texts: List[str]) -> str:
    with dsl.ParallelFor(texts) as text:
        echoed = echo(text=text)
    return join_texts(texts=dsl.Collected(echoed.output)).output


@case(states={
    'for-loop-2/0/condition-3': 'SKIPPED', 'for-loop-2/1/condition-3': 'SUCCEEDED',
    'for-loop-2/1/condition-3/echo': 'SUCCEEDED'})
@dsl.pipeline(name='loop-with-condition')
def loop_with_condition():
    with dsl.ParallelFor([1, 2]) as number:
        with dsl.If(number == 2):
            echo(text='two')


@case(states={'condition-1/for-loop-3/0/echo': 'SUCCEEDED'})
@dsl.pipeline(name='loop-in-condition')
def loop_in_condition(value: str = 'yes'):
    with dsl.If(value == 'yes'):
        with dsl.ParallelFor(['a', 'b']) as text:
            echo(text=text)


@case(outputs={'Output': 'seed-a,seed-b'})
@dsl.pipeline(name='loop-with-outside-value')
def loop_with_outside_value() -> str:
    seed = echo(text='seed')
    with dsl.ParallelFor(['a', 'b']) as text:
        echoed = echo(text=f'{seed.output}-{text}')
    return join_texts(texts=dsl.Collected(echoed.output)).output


@dsl.component
def fail_on(number: int, bad: int) -> int:
    if number == bad:
        raise ValueError(f'{number} is bad')
    return number


@case(state='FAILED', states={
    'for-loop-2': 'FAILED', 'for-loop-2/0/fail-on': 'SUCCEEDED', 'for-loop-2/1/fail-on': 'FAILED', 'total': 'SKIPPED'})
@dsl.pipeline(name='loop-failing')
def loop_failing():
    with dsl.ParallelFor([1, 2, 3]) as number:
        checked = fail_on(number=number, bad=2)
    total(numbers=dsl.Collected(checked.output))


@dsl.pipeline(name='loop-body')
def loop_body(text: str) -> str:
    return echo(text=echo(text=text).output).output


@case(outputs={'Output': 'a,b'})
@dsl.pipeline(name='loop-of-pipelines')
def loop_of_pipelines() -> str:
    with dsl.ParallelFor(['a', 'b']) as text:
        inner = loop_body(text=text)
    return join_texts(texts=dsl.Collected(inner.output)).output

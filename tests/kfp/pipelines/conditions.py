"""If, Elif, Else, and the first of several outputs.

Never loops.
"""

from cases import case
from kfp import dsl
from kfp.dsl import Dataset
from steps import add, double, echo, fail, flip, read_dataset, write_dataset


@case(states={'condition-1': 'SUCCEEDED', 'condition-1/echo': 'SUCCEEDED'})
@dsl.pipeline(name='condition-true')
def condition_true(value: str = 'heads'):
    with dsl.If(flip(result=value).output == 'heads'):
        echo(text='won')


@case(states={'condition-1': 'SKIPPED', 'condition-1/echo': 'SKIPPED', 'echo-2': 'SUCCEEDED'})
@dsl.pipeline(name='condition-false')
def condition_false(value: str = 'tails'):
    with dsl.If(flip(result=value).output == 'heads'):
        echo(text='won')
    echo(text='always')


@case(states={'condition-1': 'SKIPPED', 'condition-1/echo-2': 'SKIPPED', 'condition-1/echo': 'SKIPPED'})
@dsl.pipeline(name='condition-false-downstream')
def condition_false_downstream(value: str = 'tails'):
    with dsl.If(flip(result=value).output == 'heads'):
        won = echo(text='won')
        echo(text='after').after(won)


@case(
    parameters={'value': 'tails'},
    states={
        'condition-branches-1': 'SUCCEEDED', 'condition-branches-1/condition-2': 'SKIPPED',
        'condition-branches-1/condition-3': 'SUCCEEDED', 'condition-branches-1/condition-3/echo-2': 'SUCCEEDED',
    })
@dsl.pipeline(name='condition-else')
def condition_else(value: str):
    with dsl.If(flip(result=value).output == 'heads'):
        echo(text='heads')
    with dsl.Else():
        echo(text='tails')


@case(
    parameters={'value': 'draw'}, outputs={'Output': 'it is a draw'},
    states={
        'condition-branches-1/condition-2': 'SKIPPED', 'condition-branches-1/condition-3': 'SUCCEEDED',
        'condition-branches-1/condition-4': 'SKIPPED',
    })
@dsl.pipeline(name='condition-elif-one-of')
def condition_elif_one_of(value: str) -> str:
    flipped = flip(result=value)
    with dsl.If(flipped.output == 'heads'):
        one = echo(text='it is heads')
    with dsl.Elif(flipped.output == 'draw'):
        two = echo(text='it is a draw')
    with dsl.Else():
        three = echo(text='it is tails')
    return dsl.OneOf(one.output, two.output, three.output)


@case(parameters={'value': 'tails'}, outputs={'Output': 'tails'})
@dsl.pipeline(name='condition-one-of-passed-on')
def condition_one_of_passed_on(value: str) -> str:
    flipped = flip(result=value)
    with dsl.If(flipped.output == 'heads'):
        one = echo(text='heads')
    with dsl.Else():
        two = echo(text='tails')
    return echo(text=dsl.OneOf(one.output, two.output)).output


@case(parameters={'value': 'heads'}, outputs={'Output': 'first'})
@dsl.pipeline(name='condition-one-of-artifacts')
def condition_one_of_artifacts(value: str) -> str:
    flipped = flip(result=value)
    with dsl.If(flipped.output == 'heads'):
        one = write_dataset(text='first')
    with dsl.Else():
        two = write_dataset(text='second')
    return read_dataset(data=dsl.OneOf(one.outputs['data'], two.outputs['data'])).output


@case(parameters={'value': 'tails'}, outputs={'Output': {'content': 'second'}})
@dsl.pipeline(name='condition-one-of-artifact-output')
def condition_one_of_artifact_output(value: str) -> Dataset:
    flipped = flip(result=value)
    with dsl.If(flipped.output == 'heads'):
        one = write_dataset(text='first')
    with dsl.Else():
        two = write_dataset(text='second')
    return dsl.OneOf(one.outputs['data'], two.outputs['data'])


@case(
    parameters={'number': 7},
    states={'condition-1': 'SUCCEEDED', 'condition-1/condition-2': 'SUCCEEDED',
            'condition-1/condition-2/condition-3': 'SKIPPED'})
@dsl.pipeline(name='condition-nested-numbers')
def condition_nested_numbers(number: int):
    with dsl.If(number > 5):
        with dsl.If(number <= 7):
            echo(text='six or seven')
            with dsl.If(number != 7):
                echo(text='six')


@case(parameters={'share': 0.5}, states={'condition-1': 'SUCCEEDED', 'condition-2': 'SKIPPED'})
@dsl.pipeline(name='condition-double')
def condition_double(share: float):
    with dsl.If(share >= 0.5):
        echo(text='half')
    with dsl.If(share < 0.5):
        echo(text='less')


@case(parameters={'flag': True}, states={'condition-1': 'SUCCEEDED', 'condition-2': 'SKIPPED'})
@dsl.pipeline(name='condition-boolean')
def condition_boolean(flag: bool):
    with dsl.If(flag == True):  # noqa: E712 The SDK reads the comparison.
        echo(text='yes')
    with dsl.If(flag == False):  # noqa: E712
        echo(text='no')


@case(parameters={'text': "it's"}, states={'condition-1': 'SUCCEEDED'})
@dsl.pipeline(name='condition-quotes')
def condition_quotes(text: str):
    with dsl.If(text != 'it is'):
        echo(text=text)


@case(states={'condition-1': 'SUCCEEDED', 'condition-1/add': 'SUCCEEDED'})
@dsl.pipeline(name='condition-two-outputs')
def condition_two_outputs():
    four = double(number=2)
    six = double(number=3)
    with dsl.If(four.output < six.output):
        add(a=four.output, b=six.output)


@case(states={'condition-1': 'SUCCEEDED'})
@dsl.pipeline(name='condition-old-name')
def condition_old_name(value: str = 'x'):
    with dsl.Condition(value == 'x', name='old'):
        echo(text='old')


@case(state='FAILED', states={'condition-1': 'FAILED', 'condition-1/echo': 'SUCCEEDED', 'condition-1/fail': 'FAILED'})
@dsl.pipeline(name='condition-failing')
def condition_failing(value: str = 'x'):
    with dsl.If(value == 'x'):
        echo(text='fine')
        fail(message='broken')

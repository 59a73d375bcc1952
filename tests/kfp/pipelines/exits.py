"""Exit handlers, tasks that do not mind how others ended, and order without data.

Never hides a failure: the run still fails.
"""

from cases import case
from kfp import dsl
from kfp.dsl import PipelineTaskFinalStatus
from steps import echo, fail


@dsl.component
def note_end(status: PipelineTaskFinalStatus, prefix: str = 'end') -> str:
    return f'{prefix} {status.state} {status.pipeline_task_name} {bool(status.error_message)}'


@case(states={'note-end': 'SUCCEEDED', 'exit-handler-1': 'SUCCEEDED'}, order=[['exit-handler-1', 'note-end']])
@dsl.pipeline(name='exit-succeeding')
def exit_succeeding():
    with dsl.ExitHandler(note_end()):
        echo(text='work')


@case(state='FAILED', states={
    'exit-handler-1': 'FAILED', 'exit-handler-1/fail': 'FAILED', 'exit-handler-1/echo': 'SKIPPED',
    'note-end': 'SUCCEEDED'})
@dsl.pipeline(name='exit-failing')
def exit_failing():
    with dsl.ExitHandler(note_end(prefix='failed')):
        echo(text=fail(message='broken').output)


@case(parameters={'who': 'ops'}, states={'echo': 'SUCCEEDED', 'exit-handler-1/echo-2': 'SUCCEEDED'})
@dsl.pipeline(name='exit-with-parameter')
def exit_with_parameter(who: str):
    with dsl.ExitHandler(echo(text=f'tell {who}'), name='guarded'):
        echo(text='work')


@case(state='FAILED', states={'fail': 'FAILED', 'echo': 'SUCCEEDED'}, order=[['fail', 'echo']])
@dsl.pipeline(name='ignore-upstream-failure')
def ignore_upstream_failure():
    failing = fail(message='broken')
    echo(text='anyway').after(failing).ignore_upstream_failure()


@dsl.component
def echo_or_default(text: str = 'default') -> str:
    return text


@case(state='FAILED', states={'fail': 'FAILED', 'echo-or-default': 'SUCCEEDED'})
@dsl.pipeline(name='ignore-failure-with-input')
def ignore_failure_with_input():
    failing = fail(message='broken')
    echo_or_default(text=failing.output).ignore_upstream_failure()


@case(order=[['echo', 'echo-2'], ['echo-2', 'echo-3']])
@dsl.pipeline(name='after')
def after():
    one = echo(text='one')
    two = echo(text='two').after(one)
    echo(text='three').after(one, two)


@case(state='FAILED', states={'fail': 'FAILED', 'echo': 'SKIPPED', 'echo-2': 'SKIPPED', 'echo-3': 'SUCCEEDED'})
@dsl.pipeline(name='failing-chain')
def failing_chain():
    first = echo(text=fail(message='broken').output)
    echo(text=first.output)
    echo(text='beside')

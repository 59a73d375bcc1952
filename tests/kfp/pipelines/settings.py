"""How single tasks are run: retries, caching, variables, resources, names.

Never asks for what a sandbox cannot have, except to see it refused.
"""

from cases import case
from kfp import dsl
from steps import add, echo, fail


@case(state='FAILED', states={'fail': 'FAILED'})
@dsl.pipeline(name='setting-retry')
def setting_retry():
    fail(message='again').set_retry(num_retries=2, backoff_duration='0s', backoff_factor=1, backoff_max_duration='1s')


@dsl.pipeline(name='retried-inner')
def retried_inner():
    fail(message='own').set_retry(num_retries=1, backoff_duration='0s')
    fail(message='inherited')


@case(state='FAILED', states={'retried-inner/fail': 'FAILED', 'retried-inner/fail-2': 'FAILED'})
@dsl.pipeline(name='setting-retry-inherited')
def setting_retry_inherited():
    retried_inner().set_retry(num_retries=3, backoff_duration='0s', backoff_factor=1)


@case(outputs={'Output': 3})
@dsl.pipeline(name='setting-cache-off')
def setting_cache_off() -> int:
    return add(a=1, b=2).set_caching_options(False).output


@case(outputs={'Output': 3})
@dsl.pipeline(name='setting-cache-key')
def setting_cache_key() -> int:
    return add(a=1, b=2).set_caching_options(True, cache_key='sum').output


@dsl.component
def read_variable(name: str) -> str:
    import os
    return os.environ.get(name, 'unset')


@case(outputs={'Output': 'blue'})
@dsl.pipeline(name='setting-variable')
def setting_variable() -> str:
    return read_variable(name='COLOUR').set_env_variable('COLOUR', 'blue').output


@case(outputs={'Output': 'true'})
@dsl.pipeline(name='setting-runtime-marker')
def setting_runtime_marker() -> str:
    return read_variable(name='_KFP_RUNTIME').output


@case(outputs={'Output': 'x'})
@dsl.pipeline(name='setting-resources')
def setting_resources() -> str:
    task = echo(text='x')
    task.set_cpu_request('100m').set_cpu_limit('1').set_memory_request('64Mi').set_memory_limit('512Mi')
    return task.output


@case(parameters={'memory': '1Gi'}, outputs={'Output': 'x'})
@dsl.pipeline(name='setting-resources-of-parameters')
def setting_resources_of_parameters(memory: str, cores: str = '2') -> str:
    return echo(text='x').set_memory_limit(memory).set_cpu_limit(cores).output


@case(refused=['echo', 'nvidia.com/gpu'])
@dsl.pipeline(name='setting-accelerator')
def setting_accelerator() -> str:
    return echo(text='x').set_accelerator_type('nvidia.com/gpu').set_accelerator_limit(1).output


@case(outputs={'Output': 'x'}, states={'echo': 'SUCCEEDED'})
@dsl.pipeline(name='setting-display-name', display_name='With a name', description='A pipeline that says what it is')
def setting_display_name() -> str:
    return echo(text='x').set_display_name('Say x').output


@dsl.component
def show_names(job: str, task: str, root: str, created: str) -> str:
    return f'{bool(job)} {task} {bool(root)} {created[:2]}'


@case(outputs={'Output': 'True show-names True 20'})
@dsl.pipeline(name='setting-names')
def setting_names() -> str:
    return show_names(
        job=dsl.PIPELINE_JOB_NAME_PLACEHOLDER,
        task=dsl.PIPELINE_TASK_NAME_PLACEHOLDER,
        root=dsl.PIPELINE_ROOT_PLACEHOLDER,
        created=dsl.PIPELINE_JOB_CREATE_TIME_UTC_PLACEHOLDER,
    ).output


@dsl.component
def compare(a: str, b: str) -> bool:
    return a == b and len(a) > 8


@case(outputs={'Output': True})
@dsl.pipeline(name='setting-ids')
def setting_ids() -> bool:
    first = echo(text=dsl.PIPELINE_JOB_ID_PLACEHOLDER)
    return compare(a=first.output, b=dsl.PIPELINE_JOB_ID_PLACEHOLDER).output

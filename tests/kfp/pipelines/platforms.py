"""What pipelines ask of the platform under them, in the second document of a compiled file.

Never needs a cluster.
"""

from cases import case
from kfp import dsl, kubernetes
from settings import read_variable
from steps import echo


@case(parameters={}, refused=['passwords'])
@dsl.pipeline(name='platform-secret')
def platform_secret() -> str:
    task = read_variable(name='PASSWORD')
    kubernetes.use_secret_as_env(task, secret_name='passwords', secret_key_to_env={'main': 'PASSWORD'})
    return task.output


@case(refused=['settings'])
@dsl.pipeline(name='platform-config-map')
def platform_config_map() -> str:
    task = read_variable(name='MODE')
    kubernetes.use_config_map_as_env(task, config_map_name='settings', config_map_key_to_env={'mode': 'MODE'})
    return task.output


@case(outputs={'Output': 'x'})
@dsl.pipeline(name='platform-placement')
def platform_placement() -> str:
    task = echo(text='x')
    kubernetes.add_node_selector(task, label_key='disk', label_value='ssd')
    kubernetes.add_toleration(task, key='only', operator='Exists')
    kubernetes.add_pod_label(task, label_key='team', label_value='a')
    kubernetes.set_image_pull_policy(task, 'Always')
    return task.output


@case(outputs={'Output': 'x'})
@dsl.pipeline(name='platform-timeout')
def platform_timeout() -> str:
    task = echo(text='x')
    kubernetes.set_timeout(task, seconds=20)
    return task.output


@case(refused=['volume'])
@dsl.pipeline(name='platform-volume-refused')
def platform_volume_refused():
    task = echo(text='x')
    kubernetes.mount_pvc(task, pvc_name='shared', mount_path='/shared')


@dsl.component
def write_shared(place: str) -> str:
    import os
    path = os.path.join(place, 'note.txt')
    with open(path, 'w') as file:
        file.write('shared')
    return path


@dsl.component
def read_shared(path: str) -> str:
    with open(path) as file:
        return file.read()


@case(refused=['write-shared', 'workspace'])
@dsl.pipeline(
    name='platform-workspace',
    pipeline_config=dsl.PipelineConfig(workspace=dsl.WorkspaceConfig(size='1Gi')))
def platform_workspace() -> str:
    return read_shared(path=write_shared(place=dsl.WORKSPACE_PATH_PLACEHOLDER).output).output

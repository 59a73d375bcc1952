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


@case(states={'write-shared': 'SUCCEEDED', 'read-shared': 'SUCCEEDED'})
@dsl.pipeline(
    name='platform-workspace',
    pipeline_config=dsl.PipelineConfig(workspace=dsl.WorkspaceConfig(size='1Gi')))
def platform_workspace() -> str:
    return read_shared(path=write_shared(place=dsl.WORKSPACE_PATH_PLACEHOLDER).output).output


@dsl.component
def fill_shared(place: str, count: int):
    with open(f'{place}/zeros', 'wb') as file:
        file.write(bytes(count))


@case(state='FAILED', states={'fill-shared': 'FAILED'})
@dsl.pipeline(
    name='platform-workspace-full',
    pipeline_config=dsl.PipelineConfig(workspace=dsl.WorkspaceConfig(size='1Mi')))
def platform_workspace_full():
    fill_shared(place=dsl.WORKSPACE_PATH_PLACEHOLDER, count=(1 << 20) + 1)


@dsl.component
def find_kept():
    import hashlib
    import os

    def hashed(value: bytes) -> str:
        return hashlib.sha256(value).hexdigest()

    # Its hash only: what stands here is part of the pipeline, which anybody may read.
    wanted = 'c4bbcb1fbec99d65bf59d85c8cb62ee2db963f0fe106f483d9afa73bd4e39a8a'
    assert hashed(os.environ['PASSWORD'].encode()) == wanted
    with open('/etc/keeps/main', 'rb') as file:
        assert hashed(file.read()) == wanted
    assert os.environ['MODE'] == 'fast'
    with open('/etc/settings/mode') as file:
        assert file.read() == 'fast'
    assert os.listdir('/etc/nothing') == []
    assert 'UNSET' not in os.environ


# What the test that runs this case sets before.
@case(parameters={'keeps': 'keeps'}, states={'find-kept': 'SUCCEEDED'})
@dsl.pipeline(name='platform-kept')
def platform_kept(keeps: str):
    task = find_kept()
    kubernetes.use_secret_as_env(task, secret_name=keeps, secret_key_to_env={'main': 'PASSWORD'})
    kubernetes.use_secret_as_volume(task, secret_name=keeps, mount_path='/etc/keeps')
    kubernetes.use_config_map_as_env(task, config_map_name='modes', config_map_key_to_env={'mode': 'MODE'})
    kubernetes.use_config_map_as_volume(task, config_map_name='modes', mount_path='/etc/settings')
    kubernetes.use_secret_as_volume(task, secret_name='absent', mount_path='/etc/nothing', optional=True)
    kubernetes.use_secret_as_env(task, secret_name='absent', secret_key_to_env={'x': 'UNSET'}, optional=True)


@case(refused=['key `main` of the secret `absent`', 'the config map `gone`', 'sandmill secret set absent main=VALUE'])
@dsl.pipeline(name='platform-kept-refused')
def platform_kept_refused():
    task = echo(text='x')
    kubernetes.use_secret_as_env(task, secret_name='absent', secret_key_to_env={'main': 'PASSWORD'})
    kubernetes.use_config_map_as_volume(task, config_map_name='gone', mount_path='/etc/settings')


@case(states={'echo': 'SUCCEEDED'})
@dsl.pipeline(name='platform-no-accelerator')
def platform_no_accelerator():
    echo(text='x').set_accelerator_type('nvidia.com/gpu').set_accelerator_limit(0)

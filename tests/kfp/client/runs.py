"""Runs through the stock client: made, watched, read back, put aside, fired again and again. `python runs.py URL`.

Never needs a component but the programs of the test suite, which are pushed before.
"""

import json
import pathlib
import sys
import tempfile
import time
import warnings

warnings.simplefilter('ignore')

import kfp
import kfp_server_api
from catalogue import refused
from cases import get, tasks_of, wait
from kfp import compiler, dsl
from kfp.dsl import OutputPath


@dsl.container_component
def write(text: str, out: OutputPath(str)):
    return dsl.ContainerSpec(image='programs/write-files:1', command=['write-files'], args=['text', text, out])


@dsl.container_component
def leave(status: int):
    return dsl.ContainerSpec(image='programs/exit-status:1', command=['exit-status'], args=[status])


@dsl.pipeline(name='two-words')
def two_words(text: str = 'hello'):
    first = write(text=text)
    write(text=first.outputs['out']).set_display_name('again')


@dsl.pipeline(name='leaves')
def leaves(status: int):
    leave(status=status)


def compiled(pipeline, folder):
    path = folder / f'{pipeline.name}.yaml'
    compiler.Compiler().compile(pipeline, str(path))
    return str(path)


def succeeds(client, url, folder):
    made = client.create_run_from_pipeline_package(
        compiled(two_words, folder), arguments={'text': 'good day'}, run_name='first', experiment_name='words')
    assert made.run_info.state in ('RUNNING', 'SUCCEEDED'), made.run_info.state
    shown = client.wait_for_run_completion(made.run_id, timeout=120, sleep_duration=0.1)
    tasks = tasks_of(url, made.run_id)
    assert shown.state == 'SUCCEEDED', tasks
    assert shown.display_name == 'first' and shown.finished_at > shown.created_at
    assert shown.runtime_config.parameters == {'text': 'good day'}
    assert shown.pipeline_spec['pipelineInfo']['name'] == 'two-words'
    assert [status.state for status in shown.state_history][-1] == 'SUCCEEDED'
    assert len(shown.run_details.task_details) == 2, shown.run_details
    root = tasks.pop('')
    assert root['type'] == 'ROOT' and {task['parent_task_id'] for task in tasks.values()} == {root['task_id']}, root
    for task in tasks.values():
        assert task['outputs']['parameters'] == [{'parameter_key': 'out', 'value': 'good day'}], task
    one = next(iter(tasks.values()))
    assert get(url, f"tasks/{one['task_id']}")['task_id'] == one['task_id']
    experiment = client.get_experiment(experiment_name='words')
    assert experiment.last_run_created_at == shown.created_at and shown.experiment_id == experiment.experiment_id


def fails(client, url, folder):
    made = client.create_run_from_pipeline_package(compiled(leaves, folder), arguments={'status': 3}, run_name='leaves')
    shown = wait(client, made.run_id)
    assert shown.state == 'FAILED' and 'exited with status' in shown.error.message, shown.error
    client.runs.run_service_retry_run(made.run_id)
    assert wait(client, made.run_id).state == 'FAILED'
    client.terminate_run(made.run_id)


def refusals(client, url, folder):
    path = compiled(leaves, folder)
    experiment = client.create_experiment('refused').experiment_id
    error = refused(400, client.run_pipeline, experiment, 'x', pipeline_package_path=path, params={'colour': 1})
    assert 'status' in error['message'] and 'colour' in error['message'], error
    refused(404, client.run_pipeline, 'no-such-experiment', 'x', pipeline_package_path=path, params={'status': 0})
    refused(404, client.get_run, '019a5c1e-7f3a-7c3e-9d52-0b1c2d3e4f50')
    assert client.list_runs(experiment_id=experiment).runs is None


def lists(client, url, folder):
    path = compiled(leaves, folder)
    experiment = client.create_experiment('listed').experiment_id
    runs = [client.run_pipeline(experiment, f'run-{number}', pipeline_package_path=path, params={'status': number})
            for number in range(3)]
    for run in runs:
        wait(client, run.run_id)
    listed = client.list_runs(experiment_id=experiment, sort_by='created_at desc', page_size=2)
    assert [run.display_name for run in listed.runs] == ['run-2', 'run-1'] and listed.total_size == 3
    rest = client.list_runs(experiment_id=experiment, page_token=listed.next_page_token)
    assert [run.display_name for run in rest.runs] == ['run-0']
    failed = json.dumps({'predicates': [{'operation': 'EQUALS', 'key': 'state', 'stringValue': 'FAILED'}]})
    assert [run.display_name for run in client.list_runs(experiment_id=experiment, filter=failed).runs] == ['run-1', 'run-2']
    client.archive_run(runs[0].run_id)
    assert client.get_run(runs[0].run_id).storage_state == 'ARCHIVED'
    kept = json.dumps({'predicates': [{'operation': 'NOT_EQUALS', 'key': 'storage_state', 'stringValue': 'ARCHIVED'}]})
    assert client.list_runs(experiment_id=experiment, filter=kept).total_size == 2
    client.unarchive_run(runs[0].run_id)
    client.delete_run(runs[1].run_id)
    refused(404, client.get_run, runs[1].run_id)
    assert client.list_runs(experiment_id=experiment).total_size == 2
    client.archive_experiment(experiment)
    assert client.get_run(runs[2].run_id).storage_state == 'ARCHIVED', 'runs are put aside with their experiment'


def versions(client, url, folder):
    uploaded = client.upload_pipeline(compiled(two_words, folder), pipeline_name='two-words')
    version = client.list_pipeline_versions(uploaded.pipeline_id).pipeline_versions[0]
    experiment = client.create_experiment('versions').experiment_id
    run = client.run_pipeline(experiment, 'of a version', pipeline_id=uploaded.pipeline_id,
                              version_id=version.pipeline_version_id)
    shown = wait(client, run.run_id)
    assert shown.state == 'SUCCEEDED'
    assert shown.pipeline_version_reference.pipeline_version_id == version.pipeline_version_id


def fires(client, url, folder):
    experiment = client.create_experiment('fires').experiment_id
    made = client.create_recurring_run(
        experiment, 'tick', interval_second=1, max_concurrency=3, params={'text': '[[Index]]'},
        pipeline_package_path=compiled(two_words, folder))
    deadline = time.monotonic() + 60
    while (client.list_runs(experiment_id=experiment).total_size or 0) < 3:
        assert time.monotonic() < deadline, 'it does not fire'
        time.sleep(0.2)
    client.disable_recurring_run(made.recurring_run_id)
    fired = client.list_runs(experiment_id=experiment, sort_by='scheduled_at').runs
    assert [run.runtime_config.parameters['text'] for run in fired] == [str(n + 1) for n in range(len(fired))]
    assert {run.recurring_run_id for run in fired} == {made.recurring_run_id}
    gaps = {(b.scheduled_at - a.scheduled_at).total_seconds() for a, b in zip(fired, fired[1:])}
    assert gaps == {1.0}, gaps
    assert wait(client, fired[0].run_id).state == 'SUCCEEDED'


def main(url):
    client = kfp.Client(host=url)
    for test in (succeeds, fails, refusals, lists, versions, fires):
        with tempfile.TemporaryDirectory() as folder:
            test(client, url, pathlib.Path(folder))
        print(f'ok {test.__name__}', flush=True)


if __name__ == '__main__':
    main(sys.argv[1])

"""The catalogue through the stock client: experiments, pipelines, versions, recurring runs. `python catalogue.py URL`.

Never runs a pipeline.
"""

import json
import pathlib
import sys
import tarfile
import tempfile
import warnings
import zipfile

warnings.simplefilter('ignore')

import kfp
import kfp_server_api
from kfp import compiler, dsl
from kfp.kubeflow_client import PipelinesClient  # noqa: F401  (it must be there: it speaks the same interface)


@dsl.component
def echo(text: str) -> str:
    return text


@dsl.pipeline(name='Echo', description='Says it again.')
def pipeline(text: str = 'hello'):
    echo(text=text)


def refused(status, call, *arguments, **named):
    """The error of a call that must be refused with this status."""
    try:
        answer = call(*arguments, **named)
    except kfp_server_api.ApiException as error:
        assert error.status == status, (error.status, error.body)
        return json.loads(error.body)
    raise AssertionError(f'not refused: {answer}')


def equals(key, value):
    return json.dumps({'predicates': [{'operation': 'EQUALS', 'key': key, 'stringValue': value}]})


def health(client, _folder):
    answer = client.get_kfp_healthz()
    assert answer.multi_user is False and answer.pipeline_store


def experiments(client, _folder):
    made = client.create_experiment('first', description='What it is about.')
    assert client.create_experiment('first').experiment_id == made.experiment_id
    found = client.get_experiment(experiment_name='first')
    assert (found.display_name, found.description) == ('first', 'What it is about.')
    assert found.storage_state == 'AVAILABLE' and found.created_at.tzinfo is not None
    assert client.get_experiment(experiment_id=made.experiment_id).experiment_id == made.experiment_id
    twice = kfp_server_api.V2beta1Experiment(display_name='first')
    error = refused(409, client.experiments.experiment_service_create_experiment, experiment=twice)
    assert error['code'] == 6 and 'first' in error['message'] and error['details'][0]['reason'] == 'SM0703', error
    nameless = kfp_server_api.V2beta1Experiment(display_name='')
    assert refused(400, client.experiments.experiment_service_create_experiment, experiment=nameless)['code'] == 3
    client.archive_experiment(made.experiment_id)
    assert client.get_experiment(experiment_id=made.experiment_id).storage_state == 'ARCHIVED'
    client.unarchive_experiment(made.experiment_id)
    assert client.get_experiment(experiment_id=made.experiment_id).storage_state == 'AVAILABLE'
    client.delete_experiment(made.experiment_id)
    assert refused(404, client.get_experiment, experiment_id=made.experiment_id)['code'] == 5


def lists(client, _folder):
    names = [f'list-{number:02}' for number in range(25)]
    for name in names:
        client.create_experiment(name)
    only = json.dumps({'predicates': [{'operation': 9, 'key': 'display_name', 'stringValue': 'list-'}]})
    seen, token = [], ''
    while True:
        page = client.list_experiments(page_token=token, page_size=10, sort_by='display_name desc', filter=only)
        seen += [experiment.display_name for experiment in page.experiments]
        token = page.next_page_token
        if not token:
            break
    assert seen == names[::-1], seen
    assert page.total_size == 25
    some = json.dumps({'predicates': [{'operation': 'IN', 'key': 'name', 'stringValues': {'values': names[3:5]}}]})
    page = client.list_experiments(filter=some, sort_by='created_at')
    assert [experiment.display_name for experiment in page.experiments] == names[3:5]
    refused(400, client.list_experiments, sort_by='colour')
    refused(400, client.list_experiments, filter='{')
    refused(400, client.list_experiments, page_token='nonsense')


def packages(client, folder):
    yaml = folder / 'pipeline.yaml'
    compiler.Compiler().compile(pipeline, str(yaml))
    with zipfile.ZipFile(folder / 'echo.zip', 'w', zipfile.ZIP_DEFLATED) as archive:
        archive.write(yaml, 'pipeline.yaml')
    with tarfile.open(folder / 'echo.tar.gz', 'w:gz') as archive:
        archive.add(yaml, 'pipeline.yaml')
    uploaded = [client.upload_pipeline(str(path), pipeline_name=path.name)
                for path in (yaml, folder / 'echo.zip', folder / 'echo.tar.gz')]
    specs = []
    for made in uploaded:
        versions = client.list_pipeline_versions(made.pipeline_id).pipeline_versions
        assert [version.name for version in versions] == [made.name]
        specs.append(versions[0].pipeline_spec)
    assert specs[0]['pipelineInfo']['name'] == 'echo' and specs[0] == specs[1] == specs[2]
    (folder / 'broken.yaml').write_text('pipelineInfo: {name: broken}\nno: pipeline\n')
    error = refused(400, client.upload_pipeline, str(folder / 'broken.yaml'), pipeline_name='broken')
    assert error['error_message'] and 'SM01' in error['error_details'], error
    assert client.get_pipeline_id('broken') is None


def pipelines(client, folder):
    made = client.upload_pipeline_from_pipeline_func(pipeline, pipeline_name='echo', description='Says it.')
    assert (made.display_name, made.name, made.description) == ('echo', 'echo', 'Says it.')
    assert client.get_pipeline_id('echo') == made.pipeline_id
    assert client.get_pipeline(made.pipeline_id).display_name == 'echo'
    error = refused(409, client.upload_pipeline_from_pipeline_func, pipeline, pipeline_name='echo')
    assert 'echo' in error['error_message'], error
    second = client.upload_pipeline_version_from_pipeline_func(
        pipeline, pipeline_version_name='second', pipeline_id=made.pipeline_id, description='Better.')
    third = client.upload_pipeline_version_from_pipeline_func(
        pipeline, pipeline_version_name='third', pipeline_name='echo')
    refused(409, client.upload_pipeline_version_from_pipeline_func, pipeline,
            pipeline_version_name='third', pipeline_id=made.pipeline_id)
    versions = client.list_pipeline_versions(made.pipeline_id, sort_by='created_at desc').pipeline_versions
    assert [version.display_name for version in versions] == ['third', 'second', 'echo']
    got = client.get_pipeline_version(made.pipeline_id, second.pipeline_version_id)
    assert got.description == 'Better.' and got.pipeline_spec['schemaVersion'] == '2.1.0'
    assert client.list_pipelines(filter=equals('display_name', 'echo')).pipelines[0].pipeline_id == made.pipeline_id

    named = client.pipelines.pipeline_service_get_pipeline_by_name(name='echo')
    assert named.pipeline_id == made.pipeline_id
    tagged = kfp_server_api.V2beta1Pipeline(display_name='Echo!', tags={'team': 'vision'})
    changed = client.pipelines.pipeline_service_update_pipeline(made.pipeline_id, pipeline=tagged)
    assert (changed.display_name, changed.name, changed.tags) == ('Echo!', 'echo', {'team': 'vision'})
    found = client.list_pipelines(filter=equals('tags.team', 'vision')).pipelines
    assert [one.pipeline_id for one in found] == [made.pipeline_id]
    assert client.list_pipelines(filter=equals('tags.team', 'sound')).pipelines is None
    many = kfp_server_api.V2beta1Pipeline(tags={f't{number}': 'x' for number in range(21)})
    refused(400, client.pipelines.pipeline_service_update_pipeline, made.pipeline_id, pipeline=many)

    refused(400, client.delete_pipeline, made.pipeline_id)
    client.delete_pipeline_version(made.pipeline_id, third.pipeline_version_id)
    refused(404, client.get_pipeline_version, made.pipeline_id, third.pipeline_version_id)
    client.pipelines.pipeline_service_delete_pipeline(made.pipeline_id, cascade=True)
    refused(404, client.get_pipeline, made.pipeline_id)
    refused(404, client.get_pipeline_version, made.pipeline_id, second.pipeline_version_id)


def recurring_runs(client, folder):
    yaml = folder / 'pipeline.yaml'
    compiler.Compiler().compile(pipeline, str(yaml))
    experiment = client.create_experiment('recurring').experiment_id
    cron = client.create_recurring_run(
        experiment, 'nightly', description='At night.', cron_expression='0 0 3 ? * 1-5', max_concurrency=99,
        start_time='2030-01-01T00:00:00Z', end_time='2031-01-01T00:00:00Z', no_catchup=True,
        params={'text': '[[ScheduledTime]]'}, pipeline_package_path=str(yaml), enabled=False)
    assert (cron.display_name, cron.status, cron.mode, cron.no_catchup) == ('nightly', 'DISABLED', 'DISABLE', True)
    assert cron.max_concurrency == '10' and cron.trigger.cron_schedule.cron == '0 0 3 ? * 1-5'
    assert cron.trigger.cron_schedule.start_time.year == 2030
    assert cron.runtime_config.parameters == {'text': '[[ScheduledTime]]'}
    uploaded = client.upload_pipeline(str(yaml), pipeline_name='recurring')
    version = client.list_pipeline_versions(uploaded.pipeline_id).pipeline_versions[0]
    every = client.create_recurring_run(
        experiment, 'hourly', interval_second=3600, pipeline_id=uploaded.pipeline_id,
        version_id=version.pipeline_version_id)
    assert every.trigger.periodic_schedule.interval_second == '3600' and every.status == 'ENABLED'
    assert every.pipeline_version_reference.pipeline_id == uploaded.pipeline_id
    listed = client.list_recurring_runs(experiment_id=experiment, sort_by='display_name').recurring_runs
    assert [one.display_name for one in listed] == ['hourly', 'nightly']
    client.enable_recurring_run(cron.recurring_run_id)
    assert client.get_recurring_run(cron.recurring_run_id).status == 'ENABLED'
    client.disable_recurring_run(cron.recurring_run_id)
    assert client.get_recurring_run(cron.recurring_run_id).status == 'DISABLED'
    client.archive_experiment(experiment)
    assert client.get_recurring_run(every.recurring_run_id).status == 'DISABLED', 'an archived experiment fires nothing'
    error = refused(400, client.create_recurring_run, experiment, 'bad', cron_expression='* * * * *',
                    pipeline_package_path=str(yaml))
    assert 'six fields' in error['message'], error
    client.delete_recurring_run(cron.recurring_run_id)
    refused(404, client.get_recurring_run, cron.recurring_run_id)


def main(url):
    client = kfp.Client(host=url)
    for test in (health, experiments, lists, packages, pipelines, recurring_runs):
        with tempfile.TemporaryDirectory() as folder:
            test(client, pathlib.Path(folder))
        print(f'ok {test.__name__}')


if __name__ == '__main__':
    main(sys.argv[1])

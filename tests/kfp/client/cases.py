"""Every case of `pipelines/` through the stock client. `python cases.py URL FOLDER` where FOLDER holds NAME.yaml and NAME.json.

Never looks behind the interface: states, outputs and order are read back through it.
"""

import json
import pathlib
import sys
import time
import urllib.parse
import urllib.request
import warnings

warnings.simplefilter('ignore')

import kfp
import kfp_server_api

FINAL = ('SUCCEEDED', 'FAILED', 'SKIPPED', 'CANCELED')
RUN_SECONDS_MAX = 180


def get(url, path, **query):
    text = f'{url}/apis/v2beta1/{path}?{urllib.parse.urlencode(query)}'
    with urllib.request.urlopen(text) as answer:
        return json.load(answer)


def tasks_of(url, run):
    """All tasks of a run by their path; the run itself stands under ''."""
    found, token = {}, ''
    while True:
        page = get(url, 'tasks', run_id=run, page_size=200, page_token=token)
        for task in page.get('tasks', []):
            found[task['task_id'].split('.', 1)[1]] = task
        token = page.get('next_page_token', '')
        if not token:
            return found


def wait(client, run):
    deadline = time.monotonic() + RUN_SECONDS_MAX
    while True:
        shown = client.get_run(run)
        if shown.state in FINAL:
            return shown
        assert time.monotonic() < deadline, f'still {shown.state} after {RUN_SECONDS_MAX} s'
        time.sleep(0.05)


def given(url, root):
    """What the pipeline gave, by output: a value, or the content and metadata of artifacts."""
    found = {one['parameter_key']: one['value'] for one in root['outputs'].get('parameters', [])}
    for one in root['outputs'].get('artifacts', []):
        artifacts = [shown(url, artifact) for artifact in one['artifacts']]
        found[one['artifact_key']] = artifacts[0] if len(artifacts) == 1 else artifacts
    return found


def shown(url, artifact):
    with urllib.request.urlopen(f"{url}/api/v1/artifacts/{artifact['artifact_id']}/content") as answer:
        return {'content': answer.read().decode(), 'metadata': artifact.get('metadata', {})}


def agrees(found, expected):
    """An artifact agrees in what is expected of it; a value in all."""
    if isinstance(expected, dict) and set(expected) <= {'content', 'metadata'} and isinstance(found, dict):
        return all(found.get(key) == value for key, value in expected.items())
    return found == expected


def state_of(states, path):
    """How a task ended. What stands in something that was skipped was never made, and is as skipped."""
    parent = path.rpartition('/')[0]
    if path in states or not parent:
        return states.get(path)
    return 'SKIPPED' if state_of(states, parent) == 'SKIPPED' else None


def check(client, url, folder, name):
    expected = json.loads((folder / f'{name}.json').read_text())
    try:
        made = client.create_run_from_pipeline_package(
            str(folder / f'{name}.yaml'), arguments=expected['parameters'], run_name=name, experiment_name='cases')
    except kfp_server_api.ApiException as error:
        message = json.loads(error.body)['message']
        assert expected['refused'] is not None, f'refused: {message}'
        for part in expected['refused']:
            assert part in message, f'`{part}` is not said: {message}'
        return
    assert expected['refused'] is None, 'was to be refused'
    shown = wait(client, made.run_id)
    tasks = tasks_of(url, made.run_id)
    states = {path: task['state'] for path, task in tasks.items()}
    failures = [task['error']['message'] for task in tasks.values() if 'error' in task]
    assert shown.state == expected['state'], f'{shown.state}: {states} {failures}'
    outputs = given(url, tasks[''])
    for output, value in expected['outputs'].items():
        assert agrees(outputs.get(output), value), f'{output} is {outputs.get(output)}, not {value}'
    for path, state in expected['states'].items():
        assert state_of(states, path) == state, f'{path} is {states.get(path)}, not {state}: {states} {failures}'
    for first, second in expected['order']:
        assert tasks[first]['end_time'] <= tasks[second]['create_time'], f'{first} ends behind the start of {second}'


def main(url, folder):
    client = kfp.Client(host=url)
    folder = pathlib.Path(folder)
    failed = 0
    for path in sorted(folder.glob('*.json')):
        try:
            check(client, url, folder, path.stem)
            print(f'ok {path.stem}', flush=True)
        except Exception as error:
            failed += 1
            print(f'FAILED {path.stem}: {error}', flush=True)
    sys.exit(1 if failed else 0)


if __name__ == '__main__':
    main(sys.argv[1], sys.argv[2])

"""A run of 10,000 steps through the stock client. `python large.py URL SANDMILL DATA`.

Never looks behind the interfaces: what became of each step is read back through them, page by page.
"""

import collections
import json
import pathlib
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request
import warnings

warnings.simplefilter('ignore')

import kfp
from cases import get
from kfp import compiler, dsl, kubernetes
from kfp.dsl import ConcatPlaceholder, OutputPath

SIDE = 100
CALLS = SIDE * SIDE
# Both loops, and of each of the outer one's rounds: itself, the loop in it, and that one's rounds.
STEPS = 1 + SIDE * (2 + SIDE * 2)
# The one step whose file is not there at first, and what holds it.
LATE = 'for-loop-2/7/for-loop-4/11/copy'
LATE_AND_ABOVE = {LATE.rsplit('/', depth)[0] for depth in range(5)}
# A run that takes longer has hung, or shares its machine with very many others.
RUN_SECONDS_MAX = 240


@dsl.container_component
def copy(row: str, column: str, out: OutputPath(str)):
    return dsl.ContainerSpec(
        image='programs/write-files:1', args=['copy', ConcatPlaceholder(['/etc/cells/', row, column]), out])


def names(at, name, others):
    return [name if number == at else others for number in range(SIDE)]


@dsl.pipeline(name='ten-thousand')
def ten_thousand():
    with dsl.ParallelFor(names(7, 'late', 'early')) as row:
        with dsl.ParallelFor(names(11, '-corner', '-edge')) as column:
            task = copy(row=row, column=column)
            task.set_caching_options(False)
            kubernetes.use_config_map_as_volume(task, config_map_name='cells', mount_path='/etc/cells')


def read(url, path, **query):
    with urllib.request.urlopen(f'{url}/api/v1/runs/{path}?{urllib.parse.urlencode(query)}') as answer:
        return json.load(answer)


class Watcher(threading.Thread):
    """What a run's stream of events tells, as it tells it."""

    def __init__(self, url, run):
        super().__init__(daemon=True)
        self.url = f'{url}/api/v1/runs/{run}/events'
        self.changes = collections.Counter()
        self.begun = time.monotonic()
        self.first_end_seconds = None
        self.start()

    def run(self):
        with urllib.request.urlopen(self.url) as stream:
            for line in stream:
                if line.startswith(b'data:'):
                    self.take(json.loads(line[5:]))

    def take(self, news):
        change = news.get('change', news['type'])
        self.changes[change] += 1
        if change == 'step-succeeded' and self.first_end_seconds is None:
            self.first_end_seconds = time.monotonic() - self.begun


def ended(url, run):
    """How a run ends. The run is asked for, and one step instead of all."""
    deadline = time.monotonic() + RUN_SECONDS_MAX
    while True:
        shown = read(url, run, limit=1)
        if shown['status'] in ('succeeded', 'failed', 'cancelled'):
            return shown
        assert time.monotonic() < deadline, f"{shown['stepsFinished']} steps ended in {RUN_SECONDS_MAX} s"
        time.sleep(0.1)


def steps_of(url, run):
    """All steps by name, a thousand at a time."""
    found, query = {}, {'limit': 1000}
    while True:
        page = read(url, run, **query)
        assert len(page['steps']) <= 1000
        found.update((step['name'], step) for step in page['steps'])
        if 'next' not in page:
            return found
        query['after'] = page['next']


def logs_of(url, run):
    """All lines that the steps wrote, a thousand at a time."""
    lines, after = [], 0
    while after is not None:
        page = read(url, f'{run}/logs', after=after, limit=1000)
        lines.extend(page['items'])
        after = page.get('next')
    return lines


def fill(sandmill, data, *keys):
    subprocess.run(
        [sandmill, 'config-map', 'set', 'cells', '--data', data, *(f'{key}=content' for key in keys)],
        check=True, stdout=subprocess.DEVNULL)


def fails(client, url, folder):
    path = str(folder / 'ten-thousand.yaml')
    compiler.Compiler().compile(ten_thousand, path)
    run = client.create_run_from_pipeline_package(path).run_id
    watcher = Watcher(url, run)
    shown = ended(url, run)
    whole = time.monotonic() - watcher.begun
    assert shown['status'] == 'failed' and shown['stepsTotal'] == shown['stepsFinished'] == CALLS, shown
    watcher.join(timeout=30)
    assert watcher.changes['attempt-started'] == CALLS, watcher.changes
    assert watcher.changes['step-succeeded'] == CALLS - 1 and watcher.changes['attempt-failed'] == 1, watcher.changes
    assert watcher.first_end_seconds < whole / 2, 'the first step was shown when the run was nearly over'
    print(f'{CALLS} steps in {whole:.1f} s', flush=True)
    return run


def shows(url, run):
    steps = steps_of(url, run)
    assert len(steps) == STEPS, len(steps)
    assert {name for name, step in steps.items() if step['status'] == 'failed'} == LATE_AND_ABOVE
    assert {step['attempts'] for step in steps.values() if step['kind'] == 'step'} == {1}
    page = get(url, 'tasks', run_id=run, page_size=200)
    assert len(page['tasks']) == 200 and page['total_size'] == STEPS + 1, page['total_size']
    behind = get(url, 'tasks', run_id=run, page_size=200, page_token=page['next_page_token'])
    known = {task['task_id'] for task in page['tasks']}
    assert len(behind['tasks']) == 200 and not known & {task['task_id'] for task in behind['tasks']}


def keeps_logs(url, run):
    lines = logs_of(url, run)
    said = [line['step'] for line in lines if line['text'].startswith('copied')]
    assert len(said) == len(set(said)) == CALLS - 1, len(said)
    assert any(line['step'] == LATE and line['stream'] == 'stderr' for line in lines), 'the failed step said nothing'


def retries(client, url, run):
    client.runs.run_service_retry_run(run)
    assert ended(url, run)['status'] == 'succeeded'
    steps = steps_of(url, run)
    assert {step['status'] for step in steps.values()} == {'succeeded'}
    assert {name for name, step in steps.items() if step['attempts'] > 1} == {LATE}
    assert len(logs_of(url, run)) > CALLS, 'logs of the first time are gone'
    assert client.get_run(run).state == 'SUCCEEDED'


def main(url, sandmill, data):
    client = kfp.Client(host=url)
    folder = pathlib.Path(tempfile.mkdtemp())
    fill(sandmill, data, 'early-corner', 'early-edge', 'late-edge')
    run = fails(client, url, folder)
    print('ok fails', flush=True)
    shows(url, run)
    print('ok shows', flush=True)
    keeps_logs(url, run)
    print('ok keeps_logs', flush=True)
    fill(sandmill, data, 'late-corner')
    retries(client, url, run)
    print('ok retries', flush=True)


if __name__ == '__main__':
    main(*sys.argv[1:])

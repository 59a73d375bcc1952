"""Files with types: passed on, described, listed, imported.

Never writes outside the places that the SDK names.
"""

from typing import List, Optional

from cases import case
from kfp import dsl
from kfp.dsl import (
    HTML,
    Artifact,
    ClassificationMetrics,
    Dataset,
    Input,
    InputPath,
    Markdown,
    Metrics,
    Model,
    Output,
    OutputPath,
    SlicedClassificationMetrics,
)
from steps import read_dataset, write_dataset


@case(outputs={'Output': 'rows'}, order=[['write-dataset', 'read-dataset']])
@dsl.pipeline(name='artifact-dataset')
def artifact_dataset() -> str:
    return read_dataset(data=write_dataset(text='rows').outputs['data']).output


@case(outputs={'Output': {'content': 'rows', 'metadata': {'length': 4}}})
@dsl.pipeline(name='artifact-as-output')
def artifact_as_output() -> Dataset:
    return write_dataset(text='rows').outputs['data']


@dsl.component
def train(data: Input[Dataset], model: Output[Model]):
    with open(data.path) as file:
        rows = file.read()
    with open(model.path, 'w') as file:
        file.write(f'weights of {rows}')
    model.metadata['framework'] = 'none'
    model.metadata['sizes'] = [len(rows), 0.5, {'deep': True}]


@dsl.component
def describe(model: Input[Model]) -> str:
    with open(model.path) as file:
        return f"{file.read()}; {model.metadata['framework']}; {model.metadata['sizes'][0]:g}"


@case(outputs={'Output': 'weights of rows; none; 4'})
@dsl.pipeline(name='artifact-model-metadata')
def artifact_model_metadata() -> str:
    model = train(data=write_dataset(text='rows').outputs['data'])
    return describe(model=model.outputs['model']).output


@dsl.component
def measure(metrics: Output[Metrics]):
    metrics.log_metric('accuracy', 0.75)
    metrics.log_metric('rows', 12)


@case(outputs={'Output': {'metadata': {'accuracy': 0.75, 'rows': 12}}})
@dsl.pipeline(name='artifact-metrics')
def artifact_metrics() -> Metrics:
    return measure().outputs['metrics']


@dsl.component
def classify(metrics: Output[ClassificationMetrics]):
    metrics.log_roc_curve([0.0, 0.5, 1.0], [0.0, 0.6, 1.0], [0.9, 0.5, 0.1])
    metrics.log_confusion_matrix(['cat', 'dog'], [[9, 1], [2, 8]])


@case(outputs={'Output': {'metadata': {'confidenceMetrics': [
    {'confidenceThreshold': 0.9, 'recall': 0.0, 'falsePositiveRate': 0.0},
    {'confidenceThreshold': 0.5, 'recall': 0.6, 'falsePositiveRate': 0.5},
    {'confidenceThreshold': 0.1, 'recall': 1.0, 'falsePositiveRate': 1.0}], 'confusionMatrix': {
    'annotationSpecs': [{'displayName': 'cat'}, {'displayName': 'dog'}],
    'rows': [{'row': [9, 1]}, {'row': [2, 8]}]}}}})
@dsl.pipeline(name='artifact-classification-metrics')
def artifact_classification_metrics() -> ClassificationMetrics:
    return classify().outputs['metrics']


@dsl.component
def classify_slices(metrics: Output[SlicedClassificationMetrics]):
    # The SDK's own method reads an attribute that it only sets for artifacts made by hand.
    metrics.metadata['evaluationSlices'] = [{'slice': 'overall', 'sliceClassificationMetrics': {'auPrc': 0.9}}]


@case(states={'classify-slices': 'SUCCEEDED'})
@dsl.pipeline(name='artifact-sliced-metrics')
def artifact_sliced_metrics():
    classify_slices()


@dsl.component
def report(page: Output[HTML], note: Output[Markdown]):
    with open(page.path, 'w') as file:
        file.write('<h1>Report</h1>')
    with open(note.path, 'w') as file:
        file.write('# Report')


@case(outputs={'Output': {'content': '<h1>Report</h1>'}})
@dsl.pipeline(name='artifact-report')
def artifact_report() -> HTML:
    return report().outputs['page']


@dsl.component
def write_path(data: OutputPath('Dataset')):
    with open(data, 'w') as file:
        file.write('by path')


@dsl.component
def read_path(data: InputPath('Dataset')) -> str:
    with open(data) as file:
        return file.read()


@case(outputs={'Output': 'by path'})
@dsl.pipeline(name='artifact-paths')
def artifact_paths() -> str:
    return read_path(data=write_path().outputs['data']).output


@dsl.component
def make_dataset(text: str) -> Dataset:
    data = Dataset(uri=dsl.get_uri(), metadata={'made': 'by return'})
    with open(data.path, 'w') as file:
        file.write(text)
    return data


@case(outputs={'Output': 'returned'})
@dsl.pipeline(name='artifact-returned')
def artifact_returned() -> str:
    return read_dataset(data=make_dataset(text='returned').output).output


@dsl.component
def maybe_read(data: Optional[Input[Dataset]] = None) -> str:
    return 'nothing' if data is None else 'something'


@case(outputs={'Output': 'nothing'})
@dsl.pipeline(name='artifact-optional-missing')
def artifact_optional_missing() -> str:
    return maybe_read().output


@case(outputs={'Output': 'something'})
@dsl.pipeline(name='artifact-optional-given')
def artifact_optional_given() -> str:
    return maybe_read(data=write_dataset(text='x').outputs['data']).output


@dsl.component
def write_folder(folder: Output[Artifact]):
    import os
    os.makedirs(os.path.join(folder.path, 'deep'))
    for name in ('a.txt', 'deep/b.txt'):
        with open(os.path.join(folder.path, name), 'w') as file:
            file.write(name)


@dsl.component
def list_folder(folder: Input[Artifact]) -> str:
    import os
    found = []
    for place, _, files in os.walk(folder.path):
        found += [os.path.relpath(os.path.join(place, file), folder.path) for file in files]
    return ' '.join(sorted(found))


@case(outputs={'Output': 'a.txt deep/b.txt'})
@dsl.pipeline(name='artifact-folder')
def artifact_folder() -> str:
    return list_folder(folder=write_folder().outputs['folder']).output


@dsl.component
def uri_of(data: Input[Dataset]) -> str:
    return f"{data.uri} {data.metadata['origin']}"


@case(refused=['importer', 'gs://bucket/rows.csv', '--allow-bucket gs://bucket'])
@dsl.pipeline(name='importer-constant')
def importer_constant() -> str:
    rows = dsl.importer(
        artifact_uri='gs://bucket/rows.csv', artifact_class=Dataset, reimport=False, metadata={'origin': 'archive'})
    return uri_of(data=rows.output).output


@case(parameters={'uri': 's3://bucket/x', 'origin': 'run'}, refused=['importer', 's3://bucket/x', '--allow-bucket s3://bucket'])
@dsl.pipeline(name='importer-parameter')
def importer_parameter(uri: str, origin: str) -> str:
    rows = dsl.importer(artifact_uri=uri, artifact_class=Dataset, reimport=True, metadata={'origin': origin})
    return uri_of(data=rows.output).output


@dsl.component
def name_place() -> str:
    return 'gs://bucket/named'


@case(state='FAILED', states={'name-place': 'SUCCEEDED', 'importer': 'FAILED', 'uri-of': 'SKIPPED'})
@dsl.pipeline(name='importer-of-output')
def importer_of_output() -> str:
    rows = dsl.importer(
        artifact_uri=name_place().output, artifact_class=Dataset, reimport=False, metadata={'origin': 'output'})
    return uri_of(data=rows.output).output


@dsl.component
def show_places(data: Input[Dataset], copy: Output[Dataset]) -> str:
    return f'{data.path == data.uri.replace("minio://", "/minio/")} {copy.name} {copy.uri.startswith("minio://")}'


@case(outputs={'Output': 'True copy True'})
@dsl.pipeline(name='artifact-places')
def artifact_places() -> str:
    return show_places(data=write_dataset(text='x').outputs['data']).outputs['Output']


@dsl.component
def forget_output(data: Output[Dataset]) -> str:
    return 'nothing was written'


@case(outputs={'Output': 'nothing was written'})
@dsl.pipeline(name='artifact-not-written')
def artifact_not_written() -> str:
    return forget_output().outputs['Output']


@dsl.component
def count(data: Input[List[Dataset]]) -> int:
    return len(data)


@case(outputs={'Output': 2})
@dsl.pipeline(name='artifact-list')
def artifact_list() -> int:
    with dsl.ParallelFor(['a', 'b']) as text:
        written = write_dataset(text=text)
    return count(data=dsl.Collected(written.outputs['data'])).output


@dsl.component
def read_twice(data: Input[Dataset]) -> str:
    with open(data.path) as file:
        text = file.read()
    # The address itself is where the SDK says that the content is, unless there is a folder for its scheme.
    assert data.uri.startswith('oci://') or data.path.endswith(data.uri)
    return text


@dsl.component
def expect_text(found: str, wanted: str):
    assert found == wanted, f'{found} is not {wanted}'


# Who runs this serves the content and names its address.
@case(parameters={'uri': 'http://data.example.org/rows.csv', 'wanted': 'rows'}, refused=['data.example.org', '--allow-http'])
@dsl.pipeline(name='importer-content')
def importer_content(uri: str, wanted: str):
    rows = dsl.importer(artifact_uri=uri, artifact_class=Dataset, reimport=False)
    expect_text(found=read_twice(data=rows.output).output, wanted=wanted)


@case(parameters={'uri': 'http://data.example.org/rows.csv', 'wanted': 'rows'}, refused=['data.example.org', '--allow-http'])
@dsl.pipeline(
    name='importer-to-workspace',
    pipeline_config=dsl.PipelineConfig(workspace=dsl.WorkspaceConfig(size='1Mi')))
def importer_to_workspace(uri: str, wanted: str):
    rows = dsl.importer(artifact_uri=uri, artifact_class=Dataset, reimport=True, download_to_workspace=True)
    expect_text(found=read_twice(data=rows.output).output, wanted=wanted)


@dsl.component
def read_whole(data: Input[Dataset]) -> str:
    import pathlib
    root = pathlib.Path(data.path)
    if root.is_file():
        return root.read_text()
    files = sorted(path for path in root.rglob('*') if path.is_file())
    return ' '.join(f'{path.relative_to(root)}={path.read_text()}' for path in files)


@case(parameters={'uri': 'minio://data/rows', 'wanted': 'a=1'}, refused=['minio://data', '--allow-bucket minio://data'])
@dsl.pipeline(name='importer-bucket')
def importer_bucket(uri: str, wanted: str):
    rows = dsl.importer(artifact_uri=uri, artifact_class=Dataset, reimport=False)
    expect_text(found=read_whole(data=rows.output).output, wanted=wanted)

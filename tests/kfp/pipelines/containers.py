"""Container components: programs in images, and every placeholder that their arguments may hold.

Never names an image that is not a WebAssembly component, except to see it refused.
"""

from typing import Optional

from cases import case
from kfp import dsl
from kfp.dsl import ConcatPlaceholder, Dataset, IfPresentPlaceholder, Input, Output, OutputPath
from steps import read_dataset, write_dataset

# A program that writes what it is told and copies files; whoever runs these cases pushes one under this name.
IMAGE = 'sandmill/write-files:0.1.0'


@dsl.container_component
def write_text(text: str, out: OutputPath(str)):
    return dsl.ContainerSpec(image=IMAGE, command=['write-files'], args=['text', text, out])


@case(outputs={'Output': 'hello'})
@dsl.pipeline(name='container-parameter')
def container_parameter(text: str = 'hello') -> str:
    return write_text(text=text).outputs['out']


@dsl.container_component
def write_here(text: str):
    return dsl.ContainerSpec(image=IMAGE, args=['text', text, 'here.txt'])


@case(states={'write-here': 'SUCCEEDED'})
@dsl.pipeline(name='container-working-folder')
def container_working_folder():
    write_here(text='kept')


@dsl.container_component
def write_numbers(whole: int, part: float, flag: bool, items: list, record: dict, out: OutputPath(str)):
    return dsl.ContainerSpec(image=IMAGE, args=['text', f'{whole} {part} {flag} {items} {record}', out])


@case(outputs={'Output': '3 2 true [1,2] {"a":1}'})
@dsl.pipeline(name='container-numbers')
def container_numbers() -> str:
    return write_numbers(whole=3, part=2.0, flag=True, items=[1, 2], record={'a': 1}).outputs['out']


@dsl.container_component
def copy_file(source: Input[Dataset], target: Output[Dataset]):
    return dsl.ContainerSpec(image=f'oci://{IMAGE}', args=['copy', source.path, target.path])


@case(outputs={'Output': 'rows'})
@dsl.pipeline(name='container-artifacts')
def container_artifacts() -> str:
    return read_dataset(data=copy_file(source=write_dataset(text='rows').outputs['data']).outputs['target']).output


@dsl.container_component
def write_uri(source: Input[Dataset], out: OutputPath(str)):
    return dsl.ContainerSpec(image=IMAGE, args=['text', f"{source.metadata['length']} {source.uri}", out])


@case(states={'write-uri': 'SUCCEEDED'})
@dsl.pipeline(name='container-metadata')
def container_metadata():
    write_uri(source=write_dataset(text='rows').outputs['data'])


@dsl.container_component
def write_joined(first: str, second: str, out: OutputPath(str)):
    return dsl.ContainerSpec(
        image=IMAGE, args=['text', ConcatPlaceholder(['<', first, '|', second, '>']), out])


@case(outputs={'Output': '<a|b>'})
@dsl.pipeline(name='container-concat')
def container_concat() -> str:
    return write_joined(first='a', second='b').outputs['out']


@dsl.container_component
def write_optional(out: OutputPath(str), name: Optional[str] = None):
    return dsl.ContainerSpec(
        image=IMAGE,
        args=['text', IfPresentPlaceholder(
            input_name='name', then=ConcatPlaceholder(['name=', name]), else_='nobody'), out])


@case(outputs={'Output': 'name=Ada'})
@dsl.pipeline(name='container-if-present')
def container_if_present() -> str:
    return write_optional(name='Ada').outputs['out']


@case(outputs={'Output': 'nobody'})
@dsl.pipeline(name='container-if-absent')
def container_if_absent() -> str:
    return write_optional().outputs['out']


@dsl.container_component
def write_optional_words(out: OutputPath(str), name: Optional[str] = None):
    return dsl.ContainerSpec(
        image=IMAGE,
        args=[IfPresentPlaceholder(input_name='name', then=['text', name], else_=['text', 'none']), out])


@case(outputs={'Output': 'none'})
@dsl.pipeline(name='container-if-absent-words')
def container_if_absent_words() -> str:
    return write_optional_words().outputs['out']


@dsl.container_component
def write_executor_output():
    return dsl.ContainerSpec(
        image=IMAGE, args=['text', '{}', dsl.PIPELINE_TASK_EXECUTOR_OUTPUT_PATH_PLACEHOLDER])


@case(states={'write-executor-output': 'SUCCEEDED'})
@dsl.pipeline(name='container-output-file')
def container_output_file():
    write_executor_output()


@dsl.container_component
def write_variable(out: OutputPath(str)):
    return dsl.ContainerSpec(image=IMAGE, args=['variable', 'GREETING', out])


@case(outputs={'Output': 'hello'})
@dsl.pipeline(name='container-variable')
def container_variable() -> str:
    return write_variable().set_env_variable('GREETING', 'hello').outputs['out']


@dsl.container_component
def write_nothing(out: OutputPath(str)):
    return dsl.ContainerSpec(image=IMAGE, args=['nothing', out])


@case(state='FAILED', states={'write-nothing': 'FAILED'})
@dsl.pipeline(name='container-missing-output')
def container_missing_output() -> str:
    return write_nothing().outputs['out']


@case(parameters={'image': IMAGE}, outputs={'Output': 'x'})
@dsl.pipeline(name='container-image-of-parameter')
def container_image_of_parameter(image: str) -> str:
    return write_text(text='x').set_container_image(image).outputs['out']


@dsl.container_component
def shell(text: str):
    return dsl.ContainerSpec(image='alpine:3', command=['sh', '-c', 'echo "$0"'], args=[text])


@case(refused=['alpine:3', 'WebAssembly component'])
@dsl.pipeline(name='container-shell-refused')
def container_shell_refused():
    shell(text='x')

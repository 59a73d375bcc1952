"""Functions that have packages installed, and what a function finds without any.

Never asks for more than one small package that a sandbox can use.
"""

from cases import case
from kfp import dsl


@dsl.component(packages_to_install=['python-dateutil==2.9.0.post0'])
def next_day(day: str) -> str:
    import datetime
    import importlib.metadata

    # It brings six along.
    import six
    from dateutil import parser
    assert importlib.metadata.version('six') == six.__version__
    return (parser.parse(day) + datetime.timedelta(days=1)).date().isoformat()


@dsl.component
def expect(found: str, wanted: str):
    assert found == wanted, f'{found} is not {wanted}'


@case(states={'next-day': 'SUCCEEDED', 'expect': 'SUCCEEDED'})
@dsl.pipeline(name='package-pure')
def package_pure():
    expect(found=next_day(day='28 February 2027').output, wanted='2027-03-01')


@dsl.component(packages_to_install=['numpy>=1.26'])
def total_of_array() -> float:
    import numpy
    return float(numpy.ones(3).sum())


@case(refused=['total-of-array', 'numpy-', '.whl holds native code'])
@dsl.pipeline(name='package-native-refused')
def package_native_refused():
    total_of_array()


@dsl.component(packages_to_install=['six'], pip_index_urls=['https://packages.example.org/simple'])
def from_elsewhere():
    import six
    print(six.__version__)


@case(refused=['from-elsewhere', 'https://packages.example.org/simple', 'does not allow'])
@dsl.pipeline(name='package-index-refused')
def package_index_refused():
    from_elsewhere()


@dsl.component
def write_where_it_stands():
    import os
    os.makedirs('notes/deep')
    with open('notes/deep/first.txt', 'w') as file:
        file.write('kept')
    with open('/home-of-its-own', 'w') as file:
        file.write('kept')
    os.chdir('notes')
    with open('deep/first.txt') as file:
        assert file.read() == 'kept'


@case(states={'write-where-it-stands': 'SUCCEEDED'})
@dsl.pipeline(name='working-folder')
def working_folder():
    write_where_it_stands()

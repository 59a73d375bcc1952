"""Values in and out: every type, defaults, optional inputs, texts made of values.

Never uses an artifact.
"""

from typing import Dict, NamedTuple, Optional

from cases import case
from kfp import dsl
from kfp.dsl import OutputPath
from steps import add, echo, numbers_up_to


@case(parameters={'text': 'hello'}, outputs={'Output': 'hello'}, states={'echo': 'SUCCEEDED'})
@dsl.pipeline(name='parameter-string')
def parameter_string(text: str) -> str:
    return echo(text=text).output


@case(parameters={'a': 2}, outputs={'Output': 5})
@dsl.pipeline(name='parameter-integer')
def parameter_integer(a: int) -> int:
    return add(a=a, b=3).output


@dsl.component
def halve(number: float) -> float:
    return number / 2


@case(parameters={'number': 3.0}, outputs={'Output': 1.5})
@dsl.pipeline(name='parameter-double')
def parameter_double(number: float) -> float:
    return halve(number=number).output


@case(parameters={'number': 4}, outputs={'Output': 2.0})
@dsl.pipeline(name='parameter-double-whole')
def parameter_double_whole(number: float) -> float:
    return halve(number=number).output


@dsl.component
def invert(flag: bool) -> bool:
    return not flag


@case(parameters={'flag': True}, outputs={'Output': False})
@dsl.pipeline(name='parameter-boolean')
def parameter_boolean(flag: bool) -> bool:
    return invert(flag=flag).output


@dsl.component
def reverse(items: list) -> list:
    return items[::-1]


@case(parameters={'items': [1, 'two', {'three': 3}]}, outputs={'Output': [{'three': 3}, 'two', 1]})
@dsl.pipeline(name='parameter-list')
def parameter_list(items: list) -> list:
    return reverse(items=items).output


@dsl.component
def count_keys(record: Dict[str, int]) -> Dict[str, int]:
    return {'keys': len(record), **record}


@case(parameters={'record': {'a': 1}}, outputs={'Output': {'keys': 1, 'a': 1}})
@dsl.pipeline(name='parameter-struct')
def parameter_struct(record: dict) -> dict:
    return count_keys(record=record).output


@case(outputs={'Output': 7})
@dsl.pipeline(name='parameter-defaults')
def parameter_defaults(a: int = 3, b: int = 4) -> int:
    return add(a=a, b=b).output


@case(parameters={'b': 40}, outputs={'Output': 43})
@dsl.pipeline(name='parameter-default-replaced')
def parameter_default_replaced(a: int = 3, b: int = 4) -> int:
    return add(a=a, b=b).output


@dsl.component
def greet(name: Optional[str] = None, greeting: str = 'hello') -> str:
    return f'{greeting} {name}'


@case(parameters={'name': 'Ada'}, outputs={'Output': 'hello Ada'})
@dsl.pipeline(name='parameter-optional-given')
def parameter_optional_given(name: Optional[str] = None) -> str:
    return greet(name=name).output


@case(outputs={'Output': 'hello None'})
@dsl.pipeline(name='parameter-optional-missing')
def parameter_optional_missing(name: Optional[str] = None) -> str:
    return greet(name=name).output


@case(outputs={'Output': 'hello None'})
@dsl.pipeline(name='parameter-component-default')
def parameter_component_default() -> str:
    return greet().output


@case(parameters={'a': 'one', 'c': 3}, refused=['`a`', '`b`', '`c`'])
@dsl.pipeline(name='parameter-mismatches')
def parameter_mismatches(a: int, b: int) -> int:
    return add(a=a, b=b).output


@dsl.component
def split(number: int) -> NamedTuple('Parts', [('tens', int), ('ones', int), ('text', str)]):
    return (number // 10, number % 10, str(number))


@case(outputs={'Output': 6})
@dsl.pipeline(name='parameter-named-tuple')
def parameter_named_tuple(number: int = 42) -> int:
    parts = split(number=number)
    return add(a=parts.outputs['tens'], b=parts.outputs['ones']).output


@dsl.component
def write_outputs(text: OutputPath(str), number: OutputPath(int), flag: OutputPath(bool), items: OutputPath(list)):
    import json
    for path, value in ((text, 'plain'), (number, '7'), (flag, 'True'), (items, json.dumps([1, 2]))):
        with open(path, 'w') as file:
            file.write(value)


@dsl.component
def show(text: str, number: int, flag: bool, items: list) -> str:
    return f'{text} {number} {flag} {items}'


@case(outputs={'Output': 'plain 7 True [1, 2]'})
@dsl.pipeline(name='parameter-output-path')
def parameter_output_path() -> str:
    written = write_outputs()
    names = ('text', 'number', 'flag', 'items')
    return show(**{name: written.outputs[name] for name in names}).output


@case(outputs={'Output': 'a "quoted" \\ line\nand {braces} and ünïcode ✓'})
@dsl.pipeline(name='parameter-odd-text')
def parameter_odd_text() -> str:
    return echo(text='a "quoted" \\ line\nand {braces} and ünïcode ✓').output


@case(parameters={'name': 'a "b" \\c'}, outputs={'Output': 'pre-a "b" \\c-post'})
@dsl.pipeline(name='text-of-parameter')
def text_of_parameter(name: str) -> str:
    return echo(text=f'pre-{name}-post').output


@case(outputs={'Output': 'one and one'}, order=[['echo', 'echo-2']])
@dsl.pipeline(name='text-of-output')
def text_of_output() -> str:
    first = echo(text='one')
    return echo(text=f'{first.output} and {first.output}').output


@case(parameters={'whole': 3, 'number': 2.0, 'part': 2.5}, outputs={'Output': '3 2 2.5'})
@dsl.pipeline(name='text-of-numbers')
def text_of_numbers(whole: int, number: float, part: float) -> str:
    return echo(text=f'{whole} {number} {part}').output


# The SDK does not find a list's channel in a text and leaves its own words there; every backend is handed those.
@case(outputs={'Output': 'items {{channel:task=numbers-up-to;name=Output;type=typing.List[int];}}'})
@dsl.pipeline(name='text-of-list')
def text_of_list() -> str:
    return echo(text=f'items {numbers_up_to(count=3).output}').output


class Ends(NamedTuple):
    first: int
    last: int


@case(outputs={'first': 2, 'last': 4}, order=[['add', 'add-2'], ['add-2', 'add-3']])
@dsl.pipeline(name='parameter-chain')
def parameter_chain() -> Ends:
    first = add(a=1, b=1).output
    value = add(a=first, b=1).output
    return Ends(first=first, last=add(a=value, b=1).output)

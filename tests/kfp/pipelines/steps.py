"""Components that several cases use, all of them lightweight Python.

Never needs a package besides the SDK.
"""

from typing import List

from kfp import dsl
from kfp.dsl import Dataset, Input, Output


@dsl.component
def echo(text: str) -> str:
    return text


@dsl.component
def join_texts(texts: List[str]) -> str:
    return ','.join(texts)


@dsl.component
def add(a: int, b: int) -> int:
    return a + b


@dsl.component
def double(number: int) -> int:
    return number * 2


@dsl.component
def total(numbers: List[int]) -> int:
    return sum(numbers)


@dsl.component
def flip(result: str) -> str:
    return result


@dsl.component
def numbers_up_to(count: int) -> List[int]:
    return list(range(count))


@dsl.component
def fail(message: str) -> str:
    raise ValueError(message)


@dsl.component
def write_dataset(text: str, data: Output[Dataset]):
    with open(data.path, 'w') as file:
        file.write(text)
    data.metadata['length'] = len(text)


@dsl.component
def read_dataset(data: Input[Dataset]) -> str:
    with open(data.path) as file:
        return file.read()


@dsl.component
def read_datasets(data: Input[List[Dataset]]) -> str:
    texts = []
    for one in data:
        with open(one.path) as file:
            texts.append(file.read())
    return ','.join(texts)

"""A step with a package of the index, and one whose package has native code."""

import sys

from sandmill_sdk import Pipeline, step


@step(packages=["tabulate==0.9.0"])
def table(rows: list[tuple[str, int]]) -> str:
    import tabulate

    return tabulate.tabulate(rows, headers=["name", "count"])


@step(packages=["numpy"])
def native() -> str:
    import numpy

    return numpy.__version__


if __name__ == "__main__":
    pipeline = Pipeline("packages")
    if sys.argv[1] == "table":
        pipeline.step("table", table, rows=[("a", 1), ("b", 22)])
    else:
        pipeline.step("native", native)
    print(pipeline.to_yaml())

"""Compiles a chain of steps that each compute a number of Fibonacci's, as kfp's SDK compiles functions.

Usage: kfp_fibonacci.py STEPS N RESULT_FILE

Runs nothing.
"""

import sys

from kfp import compiler, dsl


@dsl.component
def fibonacci(n: int) -> int:
    def number(n):
        return n if n < 2 else number(n - 1) + number(n - 2)

    return number(n)


def main():
    steps, n, result_file = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]

    @dsl.pipeline(name="fibonacci")
    def chain():
        task = None
        for _ in range(steps):
            before, task = task, fibonacci(n=n)
            task.set_caching_options(False)
            if before:
                task.after(before)

    compiler.Compiler().compile(chain, result_file)


if __name__ == "__main__":
    main()

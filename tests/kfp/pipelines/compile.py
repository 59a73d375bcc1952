"""Compiles every case with the stock SDK: `python compile.py FOLDER` writes NAME.yaml and NAME.json there.

Never changes what the SDK writes.
"""

import importlib
import json
import pathlib
import sys
import warnings

from cases import CASES

MODULES = [
    'artifacts', 'conditions', 'containers', 'exits', 'loops', 'nested', 'packages', 'parameters', 'platforms', 'settings'
]


def main(folder: str) -> None:
    warnings.simplefilter('ignore')
    from kfp import compiler

    for module in MODULES:
        importlib.import_module(module)
    out = pathlib.Path(folder)
    out.mkdir(parents=True, exist_ok=True)
    for name, (pipeline, expected) in sorted(CASES.items()):
        compiler.Compiler().compile(pipeline, str(out / f'{name}.yaml'))
        (out / f'{name}.json').write_text(json.dumps(expected, indent=2, sort_keys=True))
    print(f'{len(CASES)} pipelines compiled')


if __name__ == '__main__':
    main(sys.argv[1])

"""The command line of `Benchmarks/compare`."""

import argparse
from pathlib import Path

EVENTS = 10_000_000
SHORT_EVENTS = 300_000


def parsed(arguments):
    parser = argparse.ArgumentParser(
        prog="Benchmarks/compare",
        description="Shoal and DuckDB doing the same work in the same run: import, and the whole ready library.",
        epilog="The figures are medians; process CPU time is the one to read first, the machine may be shared. "
        "docs/performance.md says what is compared with what.",
    )
    parser.add_argument("--events", type=positive, metavar="N", help=f"events to generate (default: {EVENTS:,})")
    parser.add_argument("--short", action="store_true", help=f"{SHORT_EVENTS:,} events instead")
    parser.add_argument("--complete-journey", type=Path, metavar="DIR", help="measure these item lines too")
    parser.add_argument("--repeat", type=positive, default=5, metavar="N", help="runs of each (default: 5)")
    parser.add_argument(
        "--repeat-import", type=positive, metavar="N", help="runs of each import (default: as --repeat)")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="of the generated store (default: 1)")
    parser.add_argument(
        "--work", type=Path, default=Path(".build/benchmarks"), metavar="DIR",
        help="where data and databases are kept (default: .build/benchmarks)")
    parser.add_argument("--shoal", type=Path, metavar="FILE", help="measure this program instead of building one")
    parser.add_argument("--python", type=Path, metavar="FILE", help="a Python that has DuckDB, instead of .venv-benchmarks")
    parser.add_argument("--threads", type=positive, metavar="N", help="threads of DuckDB (default: all cores)")
    parser.add_argument("--agreement-only", action="store_true", help="compare the counts and stop")
    parser.add_argument("--output", type=Path, metavar="FILE", help="write the tables there too")
    options = parser.parse_args(arguments)
    options.events = options.events or (SHORT_EVENTS if options.short else EVENTS)
    options.repeat_import = options.repeat_import or options.repeat
    return options


def positive(text):
    number = int(text.replace("_", "").replace(",", ""))
    if number < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return number

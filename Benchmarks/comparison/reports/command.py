"""`Benchmarks/compare reports`: board, RFM, funnel, paths, retention and satisfaction, by Shoal and in SQL."""

import argparse
import json
import sys
from decimal import Decimal
from pathlib import Path

from .. import dataset, duckdb_side, shoal_side
from ..measuring import Failed, measured, say
from . import questions

ROOT = Path(__file__).resolve().parent.parent.parent.parent


def main(arguments):
    options = parsed(arguments)
    try:
        return run(options)
    except Failed as failure:
        say(f"compare reports: {failure}")
        return 1


def parsed(arguments):
    parser = argparse.ArgumentParser(
        prog="Benchmarks/compare reports",
        description="Puts the questions of the dashboard to Shoal and, as SQL, to DuckDB, and says where they differ. "
        "Times nothing.")
    parser.add_argument("--events", type=int, default=300_000, metavar="N", help="events to generate (default: 300,000)")
    parser.add_argument("--complete-journey", type=Path, metavar="DIR", help="ask about these item lines too")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="of the generated store (default: 1)")
    parser.add_argument(
        "--work", type=Path, default=Path(".build/benchmarks"), metavar="DIR",
        help="where data and databases are kept (default: .build/benchmarks)")
    parser.add_argument("--shoal", type=Path, metavar="FILE", help="ask this program instead of building one")
    parser.add_argument("--python", type=Path, metavar="FILE", help="a Python that has DuckDB, instead of .venv-benchmarks")
    parser.add_argument("--agreement-only", action="store_true", help="what it does anyway, as the other comparisons call it")
    return parser.parse_args(arguments)


def run(options):
    work = options.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    python = options.python.absolute() if options.python else duckdb_side.python_with_duckdb(ROOT)
    duckdb = duckdb_side.DuckDB(python, None)
    shoal = shoal_side.Shoal(options.shoal.resolve()) if options.shoal else shoal_side.Shoal.built(ROOT)
    asked = [(dataset.demonstration(shoal, work, options.events, options.seed), questions.DEMONSTRATION)]
    if options.complete_journey:
        asked.append((dataset.complete_journey(options.complete_journey.resolve()), questions.COMPLETE_JOURNEY))
    wrong = [line for data, about in asked for line in differences(data, about, shoal, duckdb, work)]
    if wrong:
        raise Failed("the answers differ\n  " + "\n  ".join(wrong[:40]))
    return 0


def differences(data, about, shoal, duckdb, work):
    """A line for each answer that differs."""
    store, database, log = (work / f"{data.name}.{end}" for end in ("shoal-data", "duckdb", "log"))
    shoal.import_files(data.files, store, log)
    duckdb.load(data.script, database, data.paths, log)
    theirs = asked_of_duckdb(duckdb, database, about, data.milliseconds, log)
    lines = []
    for question in about.questions:
        ours = question.answers(lambda *words: asked_of_shoal(shoal, store, data.instant, words, log), about)
        rows = theirs[question.script]
        keys = list({**ours, **rows})
        found = [key for key in keys if not is_same(ours.get(key), rows.get(key))]
        lines += [f"{data.name} {question.name}: {key}: {ours.get(key)} by Shoal, {rows.get(key)} in SQL" for key in found]
        say(f"{data.name}: {question.name}: {len(keys)} answers, {len(found) or 'none'} of them different")
        if not keys:
            lines.append(f"{data.name} {question.name}: nothing to compare")
    return lines


def asked_of_shoal(shoal, store, instant, words, log):
    text, _ = measured([shoal.program, *words, "--json", "--as-of", instant, "--data", store], log)
    # Amounts are decimals of any length, so they stay text.
    return json.loads(text, parse_float=str)


def asked_of_duckdb(duckdb, database, about, now, log):
    """{script: {key: value}}."""
    folder = duckdb_side.SCRIPTS / "reports"
    names = {str(folder / f"{question.script}.sql"): question.script for question in about.questions}
    words = {"now": str(now), **about.words}
    job = {"threads": duckdb.threads, "shared": str(folder / "0_shared.sql"), "scripts": list(names), "words": words}
    text, _ = measured([duckdb.python, duckdb_side.WORKER, "ask", database, json.dumps(job)], log)
    return {names[path]: rows for path, rows in json.loads(text).items()}


def is_same(ours, theirs):
    """Whether both say the same numbers, in the same order; a share of four or six places is one that rounds to it."""
    if ours is None or theirs is None:
        return ours == theirs
    mine, other = str(ours).split(), str(theirs).split()
    return len(mine) == len(other) and all(
        abs(Decimal(one) - Decimal(two)) <= Decimal("0.0000006") for one, two in zip(mine, other))

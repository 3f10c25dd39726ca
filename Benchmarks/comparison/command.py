"""`Benchmarks/compare` from beginning to end."""

import shlex
import sys
from pathlib import Path

from . import agreement, dataset, duckdb_side, machine, options as command_line, shoal_side, tables
from .measuring import Failed, bytes_of, median, say, warm

ROOT = Path(__file__).resolve().parent.parent.parent


def main():
    options = command_line.parsed(sys.argv[1:])
    try:
        return run(options)
    except Failed as failure:
        say(f"compare: {failure}")
        return 1


def run(options):
    work = options.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    python = options.python.absolute() if options.python else duckdb_side.python_with_duckdb(ROOT)
    duckdb = duckdb_side.DuckDB(python, options.threads)
    shoal = shoal_side.Shoal(options.shoal.resolve()) if options.shoal else shoal_side.Shoal.built(ROOT)
    datasets = []
    if options.complete_journey:
        datasets.append(dataset.complete_journey(options.complete_journey.resolve()))
    datasets.append(dataset.demonstration(shoal, work, options.events, options.seed))

    bystanders = machine.Bystanders()
    imports, evaluations = [], []
    for data in datasets:
        comparison = Comparison(data, shoal, duckdb, work)
        comparison.load(1 if options.agreement_only else options.repeat_import)
        comparison.check()
        if options.agreement_only:
            continue
        imports.append(comparison.imported)
        evaluations.append(comparison.evaluated(options.repeat))
    if options.agreement_only:
        return 0
    text = tables.text(
        imports, evaluations, command=shlex.join(["Benchmarks/compare", *shown_arguments()]),
        machine=machine.description(), commit=machine.commit(ROOT), date=machine.today(), others=bystanders.cores(),
        duckdb=duckdb_side.VERSION)
    print(text)
    if options.output:
        options.output.write_text(text + "\n")
    return 0


def shown_arguments():
    """The arguments without those that only say where things are."""
    shown = []
    words = iter(sys.argv[1:])
    for word in words:
        if word in ("--work", "--shoal", "--python", "--output"):
            next(words, None)
        elif word == "--complete-journey":
            next(words, None)
            shown += [word, "DIR"]
        elif not word.startswith(("--work=", "--shoal=", "--python=", "--output=")):
            shown.append(word)
    return shown


class Comparison:
    """One data set, by both."""

    def __init__(self, data, shoal, duckdb, work):
        self.data = data
        self.shoal = shoal
        self.duckdb = duckdb
        self.directory = work / f"{data.name}.shoal-data"
        self.database = work / f"{data.name}.duckdb"
        self.log = work / f"{data.name}.log"
        self.imported = None

    def load(self, repeat):
        """Imports the files, by turns, into new storage each time; what the last turn stored stays."""
        warm(self.data.files)
        ours, theirs = [], []
        for turn in range(repeat):
            say(f"{self.data.name}: import {turn + 1} of {repeat}")
            ours.append(self.shoal.import_files(self.data.files, self.directory, self.log))
            theirs.append(self.duckdb.load(self.data.script, self.database, self.data.paths, self.log))
        stored, originals = shoal_side.stored_bytes(self.shoal.program, self.directory)
        self.imported = tables.Import(
            self.data, median(ours), median(theirs), repeat, stored=stored, originals=originals,
            duckdb_stored=bytes_of(self.database))

    def check(self):
        """Evaluates once by both, which also warms them up; raises Failed when they disagree."""
        self.gap = shoal_side.typical_gap(self.directory)
        self.library = self.duckdb.library(self.database)
        ours, self.profiles, _ = self.shoal.evaluate(self.directory, self.data.instant, self.log)
        theirs, _ = self.library.evaluate(self.data.milliseconds, self.gap)
        found = agreement.differences(ours, theirs)
        if found:
            raise Failed(f"{self.data.name}: no times, because the answers differ\n  " + "\n  ".join(found))
        self.segments = len(ours)
        say(f"{self.data.name}: {self.segments} segments of {self.profiles:,} profiles, both agree on all")

    def evaluated(self, repeat):
        """Evaluates by turns."""
        ours, theirs = [], []
        for turn in range(repeat):
            say(f"{self.data.name}: evaluation {turn + 1} of {repeat}")
            ours.append(self.shoal.evaluate(self.directory, self.data.instant, self.log)[2])
            theirs.append(self.library.evaluate(self.data.milliseconds, self.gap)[1])
        self.library.close()
        return tables.Evaluation(self.data, median(ours), median(theirs), repeat, self.segments, self.profiles)

"""`Benchmarks/compare behaviour`: behavioural segments, reports and import beside DuckDB and chDB."""

import argparse
import json
import shlex
import subprocess
import sys
from pathlib import Path

from .. import machine, shoal_side
from ..measuring import Failed, measured, median, say, warm
from ..options import positive
from . import oracle, peers, tables
from .words import AS_OF, SEGMENTS

ROOT = Path(__file__).resolve().parent.parent.parent.parent


def main(arguments):
    options = parsed(arguments)
    try:
        return run(options)
    except Failed as failure:
        say(f"compare: {failure}")
        return 1


def parsed(arguments):
    parser = argparse.ArgumentParser(
        prog="Benchmarks/compare behaviour",
        description="Twenty-five behavioural segments, four reports and the import of a generated event log: Shoal, DuckDB, chDB.")
    parser.add_argument("--rows", default="10m", metavar="N", help="events: 1m, 10m, 50m, 100m or a number (default: 10m)")
    add_common(parser, repeat=5)
    parser.add_argument("--repeat-import", type=positive, default=1, metavar="N", help="runs of each import (default: 1)")
    parser.add_argument("--keep", action="store_true", help="use what an earlier run imported, and leave the import out")
    parser.add_argument("--agreement-only", action="store_true", help="compare the answers and stop")
    parser.add_argument(
        "--check-oracle", type=Path, metavar="DIR",
        help="take generator and queries of that folder (gen.py, spec.py, q_duckdb.py), compare the answers and stop")
    parser.add_argument("--output", type=Path, metavar="FILE", help="write the tables there too")
    options = parser.parse_args(arguments)
    options.rows = sized(options.rows)
    options.label = f"{options.rows // 1_000_000}m" if options.rows % 1_000_000 == 0 else str(options.rows)
    return options


def add_common(parser, repeat):
    """What every comparison over the generated log can be told."""
    parser.add_argument("--seed", type=int, default=7, metavar="N", help="of the generated log (default: 7)")
    parser.add_argument("--repeat", type=positive, default=repeat, metavar="N", help=f"runs of each question (default: {repeat})")
    parser.add_argument("--threads", type=positive, default=2, metavar="N", help="of each engine, at most (default: 2)")
    parser.add_argument(
        "--work", type=Path, default=Path(".build/benchmarks"), metavar="DIR",
        help="where data and databases are kept (default: .build/benchmarks)")
    parser.add_argument("--shoal", type=Path, metavar="FILE", help="measure this program instead of building one")
    parser.add_argument("--engine", type=Path, metavar="FILE", help="this engine-benchmarks instead of building one")
    parser.add_argument("--python", type=Path, metavar="FILE", help="a Python that has DuckDB, chDB and numpy")


def sized(text):
    """A number of rows: 10m, 300000."""
    text = text.lower().replace("_", "").replace(",", "")
    return int(text[:-1]) * 1_000_000 if text.endswith("m") else positive(text)


def run(options):
    work = options.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    python = options.python.absolute() if options.python else peers.python_with_databases(ROOT)
    shoal = shoal_side.Shoal(options.shoal.resolve()) if options.shoal else shoal_side.Shoal.built(ROOT)
    engine = options.engine.resolve() if options.engine else built_engine()
    if options.check_oracle:
        return oracle.check(options, python, shoal, engine, work)
    bystanders = machine.Bystanders()
    comparison = Comparison(options, python, shoal, engine, work)
    comparison.load()
    comparison.check()
    if options.agreement_only:
        return 0
    comparison.measure()
    command = shlex.join(["Benchmarks/compare", "behaviour", *shown(sys.argv[2:])])
    text = tables.text(
        comparison, command=command, machine=machine.description(), commit=machine.commit(ROOT), date=machine.today(),
        others=bystanders.cores(), versions=peers.PACKAGES)
    print(text)
    if options.output:
        options.output.write_text(text + "\n")
    return 0


def shown(arguments):
    """The arguments without those that only say where things are."""
    words, rest = iter(arguments), []
    for word in words:
        if word in ("--work", "--shoal", "--engine", "--python", "--output"):
            next(words, None)
        elif not word.startswith(("--work=", "--shoal=", "--engine=", "--python=", "--output=")):
            rest.append(word)
    return rest


def built_engine():
    say("building engine-benchmarks in release")
    build = ["swift", "build", "--configuration", "release"]
    made = subprocess.run([*build, "--product", "engine-benchmarks"], cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if made.returncode != 0:
        raise Failed(f"the build failed:\n{(made.stdout + made.stderr)[-3_000:]}")
    place = subprocess.run([*build, "--show-bin-path"], cwd=ROOT, capture_output=True, text=True, check=True)
    return Path(place.stdout.strip()) / "engine-benchmarks"


def engine_figures(engine, data, work, *words):
    text, _ = measured(
        [engine, data, "--as-of", AS_OF, "--segments", SEGMENTS / "behaviour.shoal", "--constructs", SEGMENTS / "constructs.shoal", *words],
        work / "engine.log")
    return json.loads(text)


class Comparison:
    """One log, by all three."""

    def __init__(self, options, python, shoal, engine, work):
        self.options = options
        self.shoal = shoal
        self.engine = engine
        self.work = work
        self.file = work / f"behaviour-{options.label}-{options.seed}.csv"
        self.data = work / f"behaviour-{options.label}.shoal-data"
        self.peers = peers.both(python, work, options.label, options.threads)
        self.imports = {}
        peers.generate(python, self.file, options.rows, options.seed)

    def load(self):
        if self.options.keep:
            return
        warm([self.file])
        for peer in self.peers:
            say(f"{peer.name}: loading")
            self.imports[peer.name] = median([peer.load(self.file) for _ in range(self.options.repeat_import)])
        say("Shoal: importing")
        log = self.work / "import.log"
        self.imports["Shoal"] = median([
            self.shoal.import_files([self.file], self.data, log) for _ in range(self.options.repeat_import)])
        self.stored, self.originals = shoal_side.stored_bytes(self.shoal.program, self.data)

    # Agreement comes before any time.

    def check(self):
        say("comparing the answers")
        ours = engine_figures(self.engine, self.data, self.work, "--repeat", "1", "--only", "together", "reports")
        self.members = ours["together"]["members"]
        found = []
        for peer in self.peers:
            sums = {}
            for name, statement in peer.questions.alone.items():
                theirs = peer.members(statement)
                sums[name] = [theirs["count"], theirs["sum"]]
                mine = self.members[name]
                if (mine["count"], mine["digest"]) != (theirs["count"], theirs["digest"]):
                    found.append(f"{name}: {mine['count']} members by Shoal, {theirs['count']} by {peer.name}, or others")
            for names, statement in peer.questions.together:
                row = peer.measured([statement], 0)["rows"][0][0]
                for name, pair in zip(names, zip(row[::2], row[1::2])):
                    if [int(pair[0]), int(float(pair[1].replace("None", "0")))] != sums[name]:
                        found.append(f"{name}: {peer.name} says {pair} together and {sums[name]} alone")
            for name, statement in peer.questions.reports.items():
                theirs, mine = peer.measured([statement], 0)["rows"][0], ours["reports"][name]["rows"]
                if theirs != mine:
                    found.append(f"{name}: {difference(mine, theirs)} by Shoal and {peer.name}")
        if found:
            raise Failed("no times, because the answers differ\n  " + "\n  ".join(found))
        say(f"all agree on {len(self.members)} segments and {len(ours['reports'])} reports")

    # Times.

    def measure(self):
        repeat = self.options.repeat
        for peer in self.peers:
            say(f"{peer.name}: measuring")
            alone = {name: peer.measured([f"select count(*) from ({statement}) q"], repeat) for name, statement in peer.questions.alone.items()}
            together = peer.measured([statement for _, statement in peer.questions.together], repeat)
            reports = {name: peer.measured([statement], repeat) for name, statement in peer.questions.reports.items()}
            peer.figures = {"alone": alone, "together": together, "reports": reports}
            peer.peak = together["peakMegabytes"]
            peer.stored = peer.bytes()
            peer.close()
        say("Shoal: measuring")
        words = ["--repeat", str(repeat), "--threads", str(self.options.threads)]
        self.ours = engine_figures(self.engine, self.data, self.work, *words)
        self.one_thread = engine_figures(
            self.engine, self.data, self.work, "--repeat", str(repeat), "--threads", "1", "--only", "together", "reports")
        lean = engine_figures(self.engine, self.data, self.work, *words, "--only", "together", "reports")
        self.peak = lean["peakMegabytes"]


def difference(mine, theirs):
    """The first row in which two reports differ."""
    for left, right in zip(mine, theirs):
        if left != right:
            return f"{left} and {right}"
    return f"{len(mine)} and {len(theirs)} rows"

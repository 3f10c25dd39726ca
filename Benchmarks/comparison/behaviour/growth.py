"""`Benchmarks/compare growth`: the same log larger and larger, imported and evaluated by Shoal alone."""

import argparse
import json
import shutil
from pathlib import Path

from .. import machine, shoal_side
from ..measuring import Failed, bytes_of, measured, say, warm
from ..tables import table
from . import peers
from .command import ROOT, add_common, built_engine, sized
from .words import AS_OF, SEGMENTS

FIGURES = {"together": "25 segments", "funnel": "funnel", "daily": "daily", "rare": "a rare event"}


def main(arguments):
    options = parsed(arguments)
    try:
        print(run(options))
        return 0
    except Failed as failure:
        say(f"compare: {failure}")
        return 1


def parsed(arguments):
    parser = argparse.ArgumentParser(
        prog="Benchmarks/compare growth",
        description="Import and evaluation of a generated event log that grows: cost for each million events, and memory.")
    parser.add_argument("--rows", nargs="+", default=["1m", "10m", "50m", "100m"], metavar="N",
                        help="events (default: 1m 10m 50m 100m; the last takes 30 GB of disk while it is measured)")
    add_common(parser, repeat=3)
    parser.add_argument("--keep", action="store_true", help="keep the logs and the data directories")
    options = parser.parse_args(arguments)
    options.rows = [sized(text) for text in options.rows]
    return options


def run(options):
    work = options.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    python = options.python.absolute() if options.python else peers.python_with_databases(ROOT)
    shoal = shoal_side.Shoal(options.shoal.resolve()) if options.shoal else shoal_side.Shoal.built(ROOT)
    engine = options.engine.resolve() if options.engine else built_engine()
    bystanders = machine.Bystanders()
    sizes = [measure(options, rows, work, python, shoal, engine) for rows in options.rows]
    head = (f"{machine.description()}, commit {machine.commit(ROOT)}, {machine.today()}. Medians of {options.repeat}, imports once. "
            f"Other programs used {bystanders.cores():.1f} cores meanwhile. Memory is what the process has for itself, without mapped files.")
    return "\n\n".join([head, imports(sizes), evaluations(sizes, options)])


def measure(options, rows, work, python, shoal, engine):
    file = work / f"growth-{rows}-{options.seed}.csv"
    data = work / f"growth-{rows}.shoal-data"
    peers.generate(python, file, rows, options.seed)
    warm([file])
    say(f"importing {rows:,} events")
    shutil.rmtree(data, ignore_errors=True)
    _, cost = measured([shoal.program, "import", file, "--data", data, "--zone", "UTC"], work / "growth.log", watch=True)
    stored, originals = shoal_side.stored_bytes(shoal.program, data)
    size = {"rows": rows, "megabytes": bytes_of(file) / 1e6, "import": cost, "beside": stored - originals, "threads": {}}
    if not options.keep:
        file.unlink()
    for threads in sorted({1, options.threads}):
        say(f"evaluating {rows:,} events, {threads} at a time")
        command = [engine, data, "--as-of", AS_OF, "--segments", SEGMENTS / "behaviour.shoal", "--constructs", SEGMENTS / "constructs.shoal",
                   "--repeat", options.repeat, "--threads", threads, "--only", "together", "--only", "reports", "--only", "alone",
                   "--segment", "s15", "--segment", "funnel", "--segment", "daily"]
        text, cost = measured(command, work / "growth.log", watch=True)
        figures = json.loads(text)
        size["profiles"] = figures["profiles"]
        size["open"] = figures["open"]
        size["threads"][threads] = {
            "together": figures["together"]["cost"], "funnel": figures["reports"]["funnel"]["cost"],
            "daily": figures["reports"]["daily"]["cost"], "rare": figures["alone"]["s15"]["cost"], "peak": cost.peak,
        }
    if not options.keep:
        shutil.rmtree(data)
    return size


def imports(sizes):
    rows = []
    for size in sizes:
        cost, millions = size["import"], size["rows"] / 1e6
        rows.append([
            f"{size['rows']:,}", f"{size['profiles']:,}", f"{size['megabytes']:,.0f}", f"{cost.cpu:,.1f}", f"{cost.cpu / millions:,.2f}",
            f"{cost.wall:,.1f}", f"{cost.peak:,.0f}", f"{size['beside'] / size['rows']:,.1f}", f"{size['open']['cpuMs']:,.0f}",
        ])
    return table(["events", "profiles", "MB of CSV", "import, CPU s", "a million, CPU s", "wall s", "peak MB", "bytes an event", "open, ms"], rows)


def evaluations(sizes, options):
    rows = []
    for size in sizes:
        for threads, figures in size["threads"].items():
            cells = [f"{size['rows']:,}", str(threads)]
            for name in FIGURES:
                cost = figures[name]
                cells += [f"{cost['cpuMs']:,.0f}", f"{cost['cpuMs'] / size['rows'] * 1e6:,.1f}"]
            cells += [f"{figures['together']['wallMs']:,.0f}", f"{figures['peak']:,.0f}"]
            rows.append(cells)
    header = ["events", "threads"]
    for title in FIGURES.values():
        header += [f"{title}, CPU ms", "a million"]
    return table([*header, "25 segments, wall ms", "peak MB"], rows)

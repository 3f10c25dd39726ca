"""Kills, cuts, fills, breaks and bends what `shoal serve` works on, and checks that it keeps its promises; see docs/reliability.md."""

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time

import duplicates
import errors
import every_call
import kill
import power
import rot
import teeth
from machine import PACKAGE, Machine, build_shim
from server import Failure, Program, Server

MODES = {
    "kill": kill, "power": power, "duplicates": duplicates, "every-call": every_call, "errors": errors, "teeth": teeth,
    "rot": rot}
# How many cycles there are of what can go on for ever.
CYCLES = {True: 20, False: 1000}


class Bench:
    """What all cases share: the program, the shim, folders, and what was counted."""

    def __init__(self, program, folder, options):
        self.program, self.folder, self.options = program, folder, options
        self.shim = build_shim()
        self.templates, self.counts, self.notes = {}, {}, []
        self._machines = 0
        self._servers = []

    def machine(self, template=None):
        """A fresh folder for a case, with a disk that is empty or a copy of another."""
        self._machines += 1
        machine = Machine(os.path.join(self.folder, f"case-{self._machines}"), self.shim)
        if template:
            machine.take(template)
        return machine

    def server(self, data, environment=None):
        """Starts `shoal serve` on a data directory."""
        server = Server(self.program, data, environment, self.options.ready)
        self._servers.append(server)
        return server

    def end_servers(self):
        """Ends what a failed case has left running."""
        for server in self._servers:
            if server.is_running:
                server.kill()
        self._servers.clear()

    def done(self, machine):
        if not self.options.keep:
            shutil.rmtree(machine.folder, ignore_errors=True)

    def count(self, **counts):
        for name, more in counts.items():
            self.counts[name] = self.counts.get(name, 0) + more

    def most(self, name, value):
        self.counts[name] = max(self.counts.get(name, 0), value)


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--shoal", required=True)
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--cycles", type=int)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--only", choices=MODES, action="append")
    parser.add_argument("--case")
    parser.add_argument("--ready", type=float)
    parser.add_argument("--keep", action="store_true")
    options = parser.parse_args()
    if options.case and len(options.only or []) != 1:
        parser.error("--case needs the --only that its line names")
    options.is_interrupted = False
    options.drawn = options.cycles  # None: all there are
    options.cycles = options.cycles or CYCLES[options.short]
    # What runs beside a short run is anybody's guess, and the build may be a debug one.
    options.ready = options.ready or (20.0 if options.short else 2.0)
    options.seed = random.randrange(1 << 31) if options.seed is None else options.seed
    return options


def say(text):
    print(f"faults: {text}", flush=True)


def run_mode(name, mode, bench, options):
    """Runs all cases of a mode; answers how many there were and which failed."""
    started = time.monotonic()
    bench.counts, bench.notes = {}, []
    cases, failed = 0, []
    for case in [options.case] if options.case else mode.cases(options, bench):
        cases += 1
        try:
            mode.run(case, bench)
        except (Failure, OSError, subprocess.SubprocessError) as failure:
            failed.append(case)
            say(f"FAILED {name}: {failure}")
            say(f"  again with: scripts/faults --only {name} --case '{case}' --shoal {options.shoal}")
            if len(failed) >= 20:
                say(f"{name}: 20 failures, the rest is left out")
                break
        except KeyboardInterrupt:
            # What was run counts all the same.
            options.is_interrupted = True
            cases -= 1
            break
        finally:
            bench.end_servers()
        if cases % 100 == 0:
            say(f"{name}: {cases} cases, {len(failed)} failed, {time.monotonic() - started:.0f} s")
    seconds = time.monotonic() - started
    counted = ", ".join(f"{value:.2f} {key}" if isinstance(value, float) else f"{value} {key}"
                        for key, value in bench.counts.items())
    say(f"{name}: {cases} cases, {len(failed)} failed; {counted}; {seconds:.1f} s")
    for note in bench.notes:
        say(f"  {note}")
    return {"mode": name, "cases": cases, "failed": failed, "seconds": round(seconds, 1), **bench.counts}


def record(entry, options):
    """Long runs add up: each leaves a line with what was run, on which commit and program, and what failed."""
    commit = subprocess.run(["git", "-C", PACKAGE, "rev-parse", "HEAD"], capture_output=True, text=True, check=False)
    program = os.stat(options.shoal)
    line = {"at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "commit": commit.stdout.strip(),
            "program": {"bytes": program.st_size, "built": int(program.st_mtime)}, "seed": options.seed, **entry}
    path = os.path.join(PACKAGE, ".build", "faults-ledger.jsonl")
    with open(path, "a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


def main():
    options = arguments()
    options.shoal = os.path.abspath(options.shoal)
    folder = tempfile.mkdtemp(prefix="shoal-faults.")
    say(f"program {options.shoal}, seed {options.seed}, {'short' if options.short else 'long'}")
    failed = 0
    try:
        bench = Bench(Program(options.shoal), folder, options)
        for name in options.only or MODES:
            entry = run_mode(name, MODES[name], bench, options)
            failed += len(entry["failed"])
            if not options.short and not options.case:
                record(entry, options)
            if options.is_interrupted:
                say("interrupted")
                break
    finally:
        if options.keep:
            say(f"everything is in {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    if failed:
        say(f"{failed} failed")
        sys.exit(1)
    say("nothing acknowledged lost, nothing doubled, nothing invented")


main()

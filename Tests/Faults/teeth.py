"""G-D4: would the tests notice? One sync at a time does nothing any more, then the power is cut; the loss must show."""

import os
import random
import re

from scenario import COMMAND_CODES, PHASES, batches, scenario_of
from server import Failure

SYNCS = ("fsync", "fdatasync")


def cases(options, bench):
    """Each file's syncs together; in long all of it with no sync left out, too, and each sync by its caller."""
    calls = _syncs(bench)
    if not options.short:
        yield "none"
    for name in sorted({kind_of(call) for call in calls}):
        if not (options.short and name in NEEDLESS):
            yield f"all:{name}"
    if not options.short:
        for site in sorted({call[4] for call in calls}):
            yield f"site:{site}"


def kind_of(call):
    """Which kind of file a call is about: the numbers of parts differ from run to run."""
    name = re.sub(r"[0-9a-f]{32}", "*", call[2])
    return {".": "disk"}.get(name, name)


def _syncs(bench):
    """The calls that make something last; the ready segments, which a first start writes, are none that was acknowledged."""
    return [call for calls in scenario_of(bench).calls.values() for call in calls
            if call[1] in SYNCS and not call[2].startswith("data/segments")]


def run(case, bench):
    kind, _, what = case.partition(":")
    if kind == "none":
        for phase in PHASES:
            for trial in _trials(bench, phase, None, 1):
                trial()
        return
    bench.count(mutants=1)
    mutants = [call for call in _syncs(bench) if what == (kind_of(call) if kind == "all" else call[4])]
    if kind == "all":
        chosen = "file=" + what.replace("*", "").rpartition("/")[2]
    else:
        chosen = f"site={what}"
    files = sorted({kind_of(call) for call in mutants})
    for phase, calls in scenario_of(bench).calls.items():
        first = next((call[0] for call in calls if call in mutants), None)
        if first is None:
            continue
        for trial in _trials(bench, phase, chosen, first):
            try:
                trial()
            except Failure as failure:
                bench.count(caught=1)
                if bench.options.case:
                    bench.notes.append(f"{case} ({', '.join(files)}): {failure}")
                return
    if kind == "all" and what not in NEEDLESS:
        raise Failure(f"all syncs of {what} may be left out, and nothing is noticed")
    bench.count(uncaught=1)
    frames = " ".join(mutants[0][6].split(",")[:3])
    bench.notes.append(f"not noticed: {case} ({', '.join(files)}, {len(mutants)} calls) from {frames}")


# SQLite's journals of the first instant of a database, before there is anything in it.
NEEDLESS = {f"data/{name}.db-journal" for name in ("shoal", "service", "memberships", "webhooks")}


def _trials(bench, phase, chosen, first):
    """The ways in which the power is cut in a phase in which the chosen syncs do nothing: after an answer, after the end of
    the process, and at calls from the first that could matter on, with all or some of what was not synced lost."""
    mutant = f"do=no-op fn=fsync,fdatasync {chosen} times=0" if chosen else ""
    answers = 0 if isinstance(PHASES[phase], str) else len(batches(phase))
    for index in range(answers, 0, -1):
        yield lambda index=index: _trial(bench, phase, mutant, cut_after=index)
    yield lambda: _trial(bench, phase, f"{mutant};exit=lose do=-")
    calls = [call[0] for call in scenario_of(bench).calls[phase] if call[1] != "open-read" and call[0] >= first]
    chance = random.Random(f"{phase}{chosen}")
    for position, number in enumerate(chance.sample(calls, min(len(calls), 8 if bench.options.short else 60))):
        loss = f"lose=some seed={chance.randrange(1000)}" if position % 2 == 0 else "lose=all"
        yield lambda number=number, loss=loss: _trial(bench, phase, f"do=kill-after call={number} {loss};{mutant}")


def _trial(bench, phase, plan, cut_after=None):
    scenario = scenario_of(bench)
    machine = bench.machine(scenario.before[phase])
    ledger = scenario.ledger_before(phase, machine)

    def between(server, index):
        if index == cut_after:
            machine.cut_power()
            server.end(timeout=10)

    try:
        outcome = scenario.run(phase, machine, ledger, plan, between)
        if outcome.status != -9 and outcome.status not in COMMAND_CODES:
            raise Failure(f"ended with {outcome}")
        scenario.recover(phase, machine, ledger, verify=True)
        bench.count(trials=1)
    finally:
        bench.done(machine)

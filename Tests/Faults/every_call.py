"""G-D2 and G-D3: the machine stops at each call of a scenario, before, after and amid it; with the power or without."""

import random

from draw import draw
from scenario import COMMAND_CODES, scenario_of
from server import Failure

ENDS = ["kill-before", "kill-after", "torn:1", "torn:0", "torn:-1"]
LOSSES = ["none", "all", "some"]
SHORT = 24


def cases(options, bench):
    """Every position, end and loss; in short a sample by the seed."""
    chance = random.Random(options.seed)
    every = []
    for phase, calls in scenario_of(bench).calls.items():
        for number, function, *_ in calls:
            for end in ENDS:
                if function == "open-read" or (end.startswith("torn") and function != "write"):
                    continue
                for loss in LOSSES:
                    # Without power, the instant before a call is the one after the call before.
                    if loss == "none" or end != "kill-before":
                        every.append(f"{phase}:{number}:{end.replace(':', '=')}:{loss}:{chance.randrange(1000)}")
    return draw(every, options, SHORT)


def run(case, bench):
    phase, number, end, loss, seed = case.split(":")
    scenario = scenario_of(bench)
    machine = bench.machine(scenario.before[phase])
    ledger = scenario.ledger_before(phase, machine)
    losing = "" if loss == "none" else f" lose={loss}"
    plan = f"do={end.replace('=', ':')} call={number}{losing} seed={seed}"
    outcome = scenario.run(phase, machine, ledger, plan)
    if outcome.status != -9 and outcome.status not in COMMAND_CODES:
        raise Failure(f"ended with {outcome}")
    bench.count(struck=int(machine.struck > 0))
    scenario.recover(phase, machine, ledger, verify=int(seed) % 8 == 0)
    bench.done(machine)

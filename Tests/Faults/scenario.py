"""A short life of a store in phases, small enough to be struck at each of its calls: first start, second start, sealing,
duplicates of what is sealed, merging."""

import json
import os
import random
import shutil

from ledger import Ledger, check
from load import Batch
from server import Connection, Failure, keys_of
from watch import Watch

# A phase is the numbers of its batches, each with how many messages to be rejected, or a command.
PHASES = {
    "first": [(range(0, 5), 1), ([*range(3, 9), 8], 0), (range(9, 17), 2)],
    "again": [([20, 21, 4], 0), (range(22, 40), 1)],
    "seal": "compact",
    "sealed": [([1, 2, 21, 50, 51], 0), (range(52, 60), 1)],
    "merge": "compact",
}
COMMAND_CODES = {0, 65, 66, 69, 73, 74}


class Scenario:
    """The disk before each phase, and how many calls each makes when nothing goes wrong."""

    def __init__(self, bench):
        self.bench = bench
        self.before, self.calls, self.seen = {}, {}, {}
        self.keys = None
        machine = bench.machine()
        ledger = Ledger(os.path.join(machine.folder, "ledger"))
        for phase in PHASES:
            template = os.path.join(bench.folder, f"before-{phase}")
            shutil.copytree(machine.disk, template)
            self.before[phase] = template
            self.seen[phase] = (list(ledger.changes), list(ledger.promised))
            machine.clear()
            outcome = self.run(phase, machine, ledger, "")
            if outcome.status != 0 or not all(answer and answer[0] == 200 for answer in outcome.answers):
                raise Failure(f"phase {phase} fails when nothing is wrong: {outcome}")
            self.calls[phase] = machine.counted()
        check(bench.program, machine.data, ledger, verify=True)
        bench.done(machine)

    def ledger_before(self, phase, machine):
        """What a client knows when a phase begins: all batches of the ones before were answered."""
        ledger = Ledger(os.path.join(machine.folder, "ledger"))
        for batch in self.batches_before(phase):
            ledger.offer(batch.serials, batch.refused)
            ledger.acknowledge(batch.serials, 0, 0, batch.refused)
        changes, promised = self.seen.get(phase, ([], []))
        ledger.changes, ledger.promised = list(changes), list(promised)
        return ledger

    def batches_before(self, phase):
        names = list(PHASES)
        return [batch for name in names[:names.index(phase)] for batch in batches(name)]

    def run(self, phase, machine, ledger, plan, between=None):
        """Runs a phase under a plan.

        `between(server, index)` is called before batch `index` is sent, and with the number of batches at the end.
        """
        environment = machine.environment(plan)
        if isinstance(PHASES[phase], str):
            status, output, errors = self.bench.program.run(
                PHASES[phase], "--data", machine.data, environment=environment)
            return Outcome(status, [], [line for line in (output + errors).splitlines() if line])
        server = self.bench.server(machine.data, environment)
        answers = []
        if server.wait_ready():
            if phase == "first" and self.keys is None:
                self.keys = (server.write_key, server.secret_key)
            key = self.keys[0] if phase != "first" else server.write_key
            machine.secret = server.secret_key
            with Connection(server) as connection:
                watch = Watch(connection, ledger, self.keys[1] if phase != "first" else server.secret_key)
                if phase == "first":
                    watch.begin()
                for index, batch in enumerate(batches(phase)):
                    if between:
                        between(server, index)
                    answer = batch.offer(connection, key, ledger)
                    answers.append(answer)
                    if answer is None:
                        break
                    watch.read()
            if between:
                between(server, len(answers))
        status = server.stop() if server.is_running else server.end()
        return Outcome(status, answers, server.said)

    def recover(self, phase, machine, ledger, verify=False):
        """What must be true after whatever happened in a phase: it starts, and everything that was offered is there once,
        when it is all sent again. That what was acknowledged is there already shows in the verdicts."""
        program = self.bench.program
        server = self.bench.server(machine.data).must_be_ready()
        self.bench.most("seconds to start at most", server.ready_seconds)
        key = server.write_key or (self.keys[0] if phase != "first" else None)
        if key is None:
            server.stop()
            key = keys_of(program, machine.data)
            server = self.bench.server(machine.data).must_be_ready()
        secret = getattr(machine, "secret", None) if phase == "first" else self.keys[1]
        with Connection(server) as connection:
            if secret:
                _check_rejects(connection, secret, ledger)
                Watch(connection, ledger, secret).check()
            for batch in self.batches_before(phase) + batches(phase):
                answer = batch.offer(connection, key, ledger)
                if answer is None or answer[0] != 200:
                    raise Failure(f"after recovery a batch is answered with {answer}")
        status = server.stop()
        if status != 0:
            raise Failure(f"after recovery the server ends with {status}: {server.said[-2:]}")
        check(program, machine.data, ledger, verify)


def _check_rejects(connection, secret, ledger):
    """A message that was answered as rejected stands in the reject log."""
    answer = connection.ask("GET", "/v1/rejects?limit=1000", secret)
    if answer is None or answer[0] != 200:
        raise Failure(f"the reject log is answered with {answer}")
    found = len(json.loads(answer[2])["rejects"])
    if found < ledger.refused:
        raise Failure(f"{ledger.refused} messages were answered as rejected, {found} are in the log")


class Outcome:
    """How a phase ended: the exit code (negative: a signal), the answers, the lines on standard error."""

    def __init__(self, status, answers, said):
        self.status, self.answers, self.said = status, answers, said

    def __str__(self):
        return f"exit {self.status}, answers {[answer and answer[0] for answer in self.answers]}, {self.said[-2:]}"


def batches(phase):
    """The batches of a phase, the same each time; a command has none."""
    chance = random.Random(phase)
    plan = PHASES[phase]
    return [] if isinstance(plan, str) else [Batch("web", list(numbers), chance, refused) for numbers, refused in plan]


def scenario_of(bench):
    """The scenario, gone through once for all modes."""
    if "scenario" not in bench.templates:
        bench.templates["scenario"] = Scenario(bench)
    return bench.templates["scenario"]

"""G-D5: the disk says no, at any call or for a while."""

import errno
import os
import random
import time

from draw import draw
from kill import large_store
from ledger import Ledger, check
from load import Batch, Numbers
from scenario import COMMAND_CODES, scenario_of
from server import Connection, Failure

# Which calls an error can come from.
ONCE = {
    "EIO": {"open", "write", "fsync", "fdatasync", "ftruncate", "rename", "unlink", "mkdir"},
    "ENOSPC": {"open", "write", "ftruncate", "rename", "mkdir", "fsync", "fdatasync"},
    "EDQUOT": {"open", "write", "mkdir"},
    "EINTR": {"open", "write"},
    "EMFILE": {"open", "open-read"},
    "short": {"write"},
}
LASTING = ["full:ENOSPC", "full:sealing", "sync:append", "sync:rejects", "sync:sealing", "sync:quota"]
SHORT = 10
HEAL = 5.0
# Making a part of 100,000 messages is work, which a busy machine may take its time for.
SEAL = 60.0
STOPPED = 74


def cases(options, bench):
    every = []
    for phase, calls in scenario_of(bench).calls.items():
        for name, functions in ONCE.items():
            seen = 0
            for _, function, *_ in calls:
                # What only reads is counted by its own rule.
                if name == "EMFILE" or function != "open-read":
                    seen += function in functions
                    if function in functions:
                        every.append(f"once:{phase}:{name}:{seen}")
    every = draw(every, options, SHORT)
    lasting = [case for case in LASTING if not (options.short and "sealing" in case)]
    return lasting + every


def run(case, bench):
    kind, *rest = case.split(":")
    if kind == "once":
        _once(bench, *rest)
    elif rest[0] == "sealing" and kind == "full":
        _full_while_sealing(bench)
    elif kind == "full":
        _full(bench, rest[0])
    else:
        _failed_sync(bench, rest[0])


# MARK: - One call fails

def _once(bench, phase, name, number):
    scenario = scenario_of(bench)
    machine = bench.machine(scenario.before[phase])
    ledger = scenario.ledger_before(phase, machine)
    what = "short:1" if name == "short" else f"error:{getattr(errno, name)}"
    functions = ",".join(sorted(ONCE[name]))
    outcome = scenario.run(phase, machine, ledger, f"do={what} fn={functions} call={number} exit=lose")
    if outcome.status not in COMMAND_CODES:
        raise Failure(f"ended with {outcome}")
    if outcome.status != 0 and not any("[" in line or '"code"' in line for line in outcome.said[-4:]):
        raise Failure(f"ended without the code of an error: {outcome}")
    for answer in outcome.answers:
        if answer is not None and answer[0] != 200:
            _must_be_unavailable(answer)
    struck = [call for call in machine.counted() if call[5] not in ("-", "short")]
    bench.count(struck=len(struck), ended=int(outcome.status != 0))
    if name == "EIO" and struck and struck[0][1] in ("fsync", "fdatasync") and outcome.status not in (STOPPED, 73):
        raise Failure(f"a failed {struck[0][1]} of {struck[0][2]} did not stop the process: {outcome}")
    scenario.recover(phase, machine, ledger)
    bench.done(machine)


def _must_be_unavailable(answer, code=None):
    status, headers, body = answer
    fields = {name.lower() for name in headers}
    if status != 503 or "retry-after" not in fields or (code and f'"{code}"' not in body.decode()):
        raise Failure(f"answered with {status} {body[:200]}, not with 503{' ' + code if code else ''} and Retry-After")


# MARK: - The disk is full for a while

def _full(bench, name):
    number = getattr(errno, name)
    plan = f"do=error:{number} fn=open,write,mkdir,ftruncate times=0"
    machine, ledger, keys, numbers = _store(bench, large=False)
    machine.arm(False)
    server = bench.server(machine.data, machine.environment(plan)).must_be_ready()
    chance = random.Random(name)

    def fresh(count=20, refused=0):
        return Batch("web", [numbers.draw() for _ in range(count)], chance, refused)

    with Connection(server) as connection:
        waiting = [fresh(), fresh(refused=2), Batch("web", [], chance, refused=3)]
        if fresh().send(connection, keys[0], ledger) != 200:
            raise Failure("a batch is not taken before anything happened")
        machine.arm()
        for batch in waiting * 2:
            answer = batch.offer(connection, keys[0], ledger)
            if answer is None:
                raise Failure(f"a full disk ended the server: {server.said[-2:]}")
            if answer[0] != 200:
                _must_be_unavailable(answer, "disk-full")
        if not machine.struck:
            raise Failure("nothing was written while the disk was full")
        for path in ("/health", "/metrics", "/v1/rejects"):
            answer = connection.ask("GET", path, keys[1])
            if answer is None or answer[0] != 200:
                raise Failure(f"with a full disk {path} is answered with {answer}")
        machine.arm(False)
        freed = time.monotonic()
        while True:
            statuses = [batch.send(connection, keys[0], ledger) for batch in waiting]
            if statuses == [200] * len(waiting):
                break
            if time.monotonic() - freed > HEAL:
                raise Failure(f"{HEAL} s after there was room again batches are answered with {statuses}")
            time.sleep(0.05)
        bench.most("seconds to heal at most", time.monotonic() - freed)
    if server.stop() != 0:
        raise Failure(f"after a full disk the server does not stop: {server.said[-2:]}")
    check(bench.program, machine.data, ledger, verify=True)
    bench.done(machine)


def _full_while_sealing(bench):
    """The journal has room, for it overwrites itself; a part has none."""
    plan = f"do=error:{errno.ENOSPC} fn=open,write file=.part.tmp times=0"
    machine, ledger, keys, numbers = _store(bench, large=True)
    before = _parts(machine)
    server = bench.server(machine.data, machine.environment(plan)).must_be_ready()
    chance = random.Random("sealing")
    with Connection(server) as connection:

        def send():
            batch = Batch("web", [numbers.draw() for _ in range(300)], chance)
            if batch.send(connection, keys[0], ledger) != 200:
                raise Failure("a batch is not taken although the journal has room")

        for _ in range(8):
            send()
            time.sleep(0.2)
        if not machine.struck:
            raise Failure("no part was begun")
        _must_have_no_leftovers(machine)
        machine.arm(False)
        freed = time.monotonic()
        while _parts(machine) == before:
            if time.monotonic() - freed > SEAL:
                raise Failure(f"{SEAL} s after there was room again no part was made")
            send()
            time.sleep(0.1)
    if server.stop() != 0:
        raise Failure(f"after a full disk the server does not stop: {server.said[-2:]}")
    _must_have_no_leftovers(machine)
    check(bench.program, machine.data, ledger, verify=True)
    bench.done(machine)


def _parts(machine):
    return sorted(name for name in os.listdir(os.path.join(machine.data, "parts")) if name.endswith(".part"))


def _must_have_no_leftovers(machine):
    leftover = [name for name in os.listdir(os.path.join(machine.data, "parts")) if name.endswith(".tmp")]
    if len(leftover) > 1:
        raise Failure(f"{len(leftover)} unfinished parts are left over and fill the disk")


# MARK: - A sync fails

def _failed_sync(bench, when):
    plans = {
        "append": f"do=error:{errno.EIO} fn=fsync,fdatasync file=shoal.db-wal",
        "rejects": f"do=error:{errno.EIO} fn=fsync,fdatasync file=service.db-wal",
        "sealing": f"do=error:{errno.EIO} fn=fsync,fdatasync file=.part.tmp",
        # SQLite tells a quota that is used up from a full disk no more than any other error of a write.
        "quota": f"do=error:{errno.EDQUOT} fn=write file=shoal.db-wal",
    }
    plan = plans[when] + " exit=lose"
    machine, ledger, keys, numbers = _store(bench, large=when == "sealing")
    machine.arm(False)
    server = bench.server(machine.data, machine.environment(plan)).must_be_ready()
    chance = random.Random(when)
    batches = [Batch("web", [numbers.draw() for _ in range(300)], chance, refused=2) for _ in range(4)]
    with Connection(server) as connection:
        if batches[0].send(connection, keys[0], ledger) != 200:
            raise Failure("a batch is not taken before anything happened")
        machine.arm()
        for batch in batches[1:]:
            struck = machine.struck
            answer = batch.offer(connection, keys[0], ledger)
            if struck and answer is not None and answer[0] == 200:
                raise Failure("a batch is acknowledged after a sync failed")
            if answer is None:
                break
            if answer[0] != 200:
                _must_be_unavailable(answer)
    status = server.end(timeout=15)
    if status != STOPPED or not any("[store-stopped]" in line for line in server.said):
        raise Failure(f"after a failed sync the process ends with {status}: {server.said[-3:]}")
    again = bench.server(machine.data).must_be_ready()
    with Connection(again) as connection:
        for batch in batches:
            if batch.send(connection, keys[0], ledger) != 200:
                raise Failure("a batch is not taken after the restart")
    if again.stop() != 0:
        raise Failure("after the restart the server does not stop")
    check(bench.program, machine.data, ledger, verify=True)
    bench.done(machine)


def _store(bench, large):
    """A store with something in it: (machine, ledger, (write key, secret key), numbers)."""
    if large:
        template = large_store(bench)
        machine = bench.machine(template["disk"])
        ledger = Ledger(os.path.join(machine.folder, "ledger"))
        ledger.offered.update(template["serials"])
        ledger.acknowledged.update(template["serials"])
        return machine, ledger, template["keys"], Numbers(10_000_000)
    scenario = scenario_of(bench)
    machine = bench.machine(scenario.before["again"])
    return machine, scenario.ledger_before("again", machine), scenario.keys, Numbers(1_000)

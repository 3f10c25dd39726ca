"""G-D6: bits flip, files are cut, emptied, mixed up; it is noticed before a wrong row leaves, and nothing crashes."""

import json
import os
import random
import shutil

from ledger import stored_serials
from load import Batch
from scenario import COMMAND_CODES, batches, scenario_of
from server import Connection, Failure

SHORT, LONG = 4, 400


def cases(options, bench):
    """Flips and cuts by the seed, of the part and of the database; then each way of mixing files up."""
    chance = random.Random(options.seed)
    sample = SHORT if options.short else options.drawn or LONG
    sizes = {"part": os.path.getsize(_part(_template(bench))), "db": os.path.getsize(_database(_template(bench)))}
    for target, size in sizes.items():
        yield f"{target}:empty"
        yield f"{target}:missing"
        for _ in range(sample):
            yield f"{target}:flip={chance.randrange(size)}.{chance.randrange(8)}"
        for _ in range(sample // 4):
            yield f"{target}:cut={chance.randrange(size)}"
    blocks = len(_blocks(_template(bench)))
    for first in range(blocks):
        for second in range(first + 1, blocks):
            if not options.short or chance.random() < 3 / (blocks * blocks):
                yield f"part:swap={first}.{second}"
    yield "part:foreign"
    yield "part:older"


def run(case, bench):
    target, _, what = case.partition(":")
    machine = bench.machine()
    shutil.rmtree(machine.disk)
    shutil.copytree(_template(bench), machine.disk)
    path = _part(machine.disk) if target == "part" else _database(machine.disk)
    if not _damage(bench, path, what):
        bench.count(unchanged=1)
        return bench.done(machine)
    known = stored_serials_of_template(bench)
    noticed = _verify(bench, machine)
    if target == "part" and not noticed:
        raise Failure("shoal verify finds nothing wrong with a part that is not as it was written")
    _ask(bench, machine, known, noticed)
    _serve(bench, machine, known)
    bench.count(noticed=int(noticed))
    bench.done(machine)


# MARK: - What there is to damage

def _template(bench):
    """A store with a part, and something in its journal."""
    return scenario_of(bench).before["merge"]


def _part(disk):
    folder = os.path.join(disk, "data", "parts")
    return os.path.join(folder, next(name for name in sorted(os.listdir(folder)) if name.endswith(".part")))


def _database(disk):
    return os.path.join(disk, "data", "shoal.db")


def stored_serials_of_template(bench):
    if "rot" not in bench.templates:
        machine = bench.machine()
        shutil.rmtree(machine.disk)
        shutil.copytree(_template(bench), machine.disk)
        bench.templates["rot"] = stored_serials(bench.program, machine.data)
        bench.done(machine)
    return bench.templates["rot"]


def _blocks(disk):
    """Where the blocks of the part begin and end; each says how long it is."""
    with open(_part(disk), "rb") as file:
        part = file.read()
    places, at = [], 64
    while part[at:at + 4] == b"SHLB":
        length = int.from_bytes(part[at + 56:at + 64], "little")
        places.append((at, at + length))
        at += length
    return places


def _damage(bench, path, what):
    """Damages a file; false when that left it as it was."""
    with open(path, "rb") as file:
        before = file.read()
    kind, _, value = what.partition("=")
    after = bytearray(before)
    if kind == "missing":
        os.remove(path)
        return True
    if kind == "empty":
        after = b""
    elif kind == "flip":
        byte, bit = (int(number) for number in value.split("."))
        after[byte % len(after)] ^= 1 << bit
    elif kind == "cut":
        after = after[:int(value)]
    elif kind == "swap":
        first, second = (_blocks(_template(bench))[int(number)] for number in value.split("."))
        after = (before[:first[0]] + before[second[0]:second[1]] + before[first[1]:second[0]]
                 + before[first[0]:first[1]] + before[second[1]:])
    elif kind in ("foreign", "older"):
        with open(_other_part(bench, kind), "rb") as file:
            after = file.read()
    with open(path, "wb") as file:
        file.write(after)
    return bytes(after) != before


def _other_part(bench, kind):
    """A sound part of another store, or one with the same name that holds less, as an older copy would."""
    machine = bench.machine()
    ledger_numbers = range(3) if kind == "older" else range(100, 120)
    server = bench.server(machine.data).must_be_ready()
    with Connection(server) as connection:
        batch = Batch("web", ledger_numbers, random.Random(kind))
        connection.ask("POST", "/v1/batch", server.write_key, batch.body)
    server.stop()
    bench.program.run("compact", "--data", machine.data)
    return _part(machine.disk)


# MARK: - What must be true

def _verify(bench, machine):
    """Whether 'shoal verify' noticed; it must end with a code, and say which."""
    status, output, errors = bench.program.run("verify", "--data", machine.data, "--json")
    if status not in COMMAND_CODES:
        raise Failure(f"shoal verify ended with {status}: {errors[-300:]}")
    if status != 0 and '"code"' not in output + errors:
        raise Failure(f"shoal verify ended with {status} without a code: {(output + errors)[-300:]}")
    return status != 0


def _ask(bench, machine, known, noticed):
    """An answer is right, or there is none."""
    status, output, errors = bench.program.run(
        "top", 'serial of "Seen"', "--limit", "1000000", "--data", machine.data, "--json")
    if status not in COMMAND_CODES:
        raise Failure(f"shoal top ended with {status}: {errors[-300:]}")
    if status != 0:
        if '"code"' not in errors:
            raise Failure(f"shoal top ended with {status} without a code: {errors[-300:]}")
        return
    found = {entry["value"]: entry["events"] for group in json.loads(output)["lists"] for entry in group["entries"]}
    if found != known:
        raise Failure(f"wrong rows leave ({'noticed' if noticed else 'not noticed'} by verify): "
                      f"{len(known.keys() - found.keys())} missing, {sorted(found.keys() - known.keys())[:3]} made up")


def _serve(bench, machine, known):
    """A server on it refuses to start, or takes nothing twice and answers nothing wrong."""
    scenario = scenario_of(bench)
    server = bench.server(machine.data)
    if server.wait_ready():
        with Connection(server) as connection:
            sent = scenario.batches_before("merge") + [Batch("web", range(900, 905), random.Random(1))]
            for batch in sent:
                answer = connection.ask("POST", "/v1/batch", scenario.keys[0], batch.body)
                if answer is None or answer[0] not in (200, 503, 401):
                    raise Failure(f"a batch is answered with {answer}: {server.said[-3:]}")
                said = json.loads(answer[2])
                if answer[0] == 200 and said["accepted"] and set(batch.serials) & known.keys():
                    raise Failure(f"{said['accepted']} messages are taken that are stored already")
    status = server.stop() if server.is_running else server.end()
    if status not in COMMAND_CODES:
        raise Failure(f"the server ended with {status}: {server.said[-3:]}")

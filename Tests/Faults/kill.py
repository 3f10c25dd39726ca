"""G-D1: SIGKILL at random instants while messages come in, parts are sealed and merged; G-I10 along the way."""

import json
import os
import random
import shutil
import time

from ledger import Ledger, check, check_metrics, stored_serials
from load import Batch, Numbers, Sender, message
from server import Connection, Failure

KILLS_PER_STORE = 10


def cases(options, bench):
    """Stores that are killed ten times each; every fourth one is about to seal a part and merge eight."""
    stores = max(1, -(-options.cycles // KILLS_PER_STORE))
    for store in range(stores):
        yield f"small:{options.seed}:{store}"
        if store % 4 == 1 and not options.short:
            yield f"large:{options.seed}:{store}"


def run(case, bench):
    """Kills one store ten times."""
    kind, seed, store = case.split(":")
    chance = random.Random(f"{seed}/{store}/{kind}")
    if kind == "large":
        _large(bench, chance)
    else:
        machine = bench.machine()
        stop_often(bench, machine, chance, lambda server, _: server.kill())
        bench.done(machine)


def stop_often(bench, machine, chance, stop):
    """A store from its first start on, whose server `stop` ends ten times in its own way, under load or while it starts."""
    ledger = Ledger(os.path.join(machine.folder, "ledger"))
    numbers = {"web": Numbers(), "server": Numbers()}
    server = _first_start(bench, machine)
    keys = {"web": server.write_key, "server": server.secret_key}
    waiting = {0: [], 1: [], 2: []}
    kills = 0
    for kill in range(KILLS_PER_STORE):
        ledger.begin_run()
        if server is None:
            server = bench.server(machine.data)
            if chance.random() < 0.15:  # While it starts.
                time.sleep(chance.uniform(0, 0.08))
                stop(server, ledger)
                kills += 1
                server = bench.server(machine.data)
            server.must_be_ready()
        sources = ["web", "web", "server"]
        senders = [
            Sender(server, keys[sources[n]], sources[n], numbers[sources[n]], ledger, chance_of(chance), waiting[n])
            for n in range(3)]
        for sender in senders:
            sender.start()
        time.sleep(chance.uniform(0.0, 0.25))
        if kill % 5 == 4:  # Calm now and then: what is counted must be what was answered.
            _calm(server, senders, keys["server"], ledger)
        else:
            stop(server, ledger)
            kills += 1
        waiting = _collect(senders)
        check(bench.program, _copy(machine) if server.process.returncode else machine.data, ledger)
        server = None
    check(bench.program, machine.data, ledger, verify=True)
    _send_all_again(bench, machine, keys, ledger, waiting)
    bench.count(kills=kills, acknowledged=len(ledger.acknowledged))


def _first_start(bench, machine):
    return bench.server(machine.data).must_be_ready()


def chance_of(chance):
    """Chance for a thread of its own."""
    return random.Random(chance.random())


def _calm(server, senders, secret, ledger):
    for sender in senders:
        sender.is_told_to_stop = True
    for sender in senders:
        sender.join(30)
    if all(sender.sent and not sender.waiting for sender in senders):
        check_metrics(server, secret, ledger)
    status = server.stop()
    if status != 0:
        raise Failure(f"the server ended with {status} when it was asked to stop: {server.said[-3:]}")


def _collect(senders):
    waiting = {}
    for index, sender in enumerate(senders):
        sender.join(30)
        if sender.is_alive():
            raise Failure("a sender hangs although the server is gone")
        if sender.failure:
            raise sender.failure
        waiting[index] = sender.waiting
    return waiting


def _copy(machine):
    """The disk as the kill left it, so that each way of opening it meets the same."""
    copy = os.path.join(machine.folder, "copy")
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(machine.data, copy)
    return copy


def _send_all_again(bench, machine, keys, ledger, waiting):
    """Whatever was not answered is sent again, and is stored once in the end."""
    ledger.begin_run()
    server = bench.server(machine.data).must_be_ready()
    with Connection(server) as connection:
        for batch in [batch for batches in waiting.values() for batch in batches]:
            if batch.send(connection, keys[batch.source], ledger) != 200:
                raise Failure("a batch that was cut off is not taken when it is sent again")
    if server.stop() != 0:
        raise Failure("the server does not stop")
    check(bench.program, machine.data, ledger)


# MARK: - A store in which a part is about to be sealed, and eight are about to be merged

RECENT = 99_500
IMPORTED = 4_000


def _large(bench, chance):
    template = large_store(bench)
    kills = 0
    for _ in range(KILLS_PER_STORE):
        machine = bench.machine(template["disk"])
        ledger = Ledger(os.path.join(machine.folder, "ledger"))
        ledger.offered.update(template["serials"])
        ledger.acknowledged.update(template["serials"])
        ledger.refused = ledger.refused_most = 0
        server = bench.server(machine.data).must_be_ready()
        bench.most('seconds to start at most', server.ready_seconds)
        sender = Sender(server, template["keys"][0], "web", Numbers(10_000_000), ledger, chance_of(chance), size=400)
        sender.start()
        time.sleep(chance.uniform(0.0, 3.0))
        server.kill()
        kills += 1
        waiting = _collect([sender])
        # What a stop between naming a part and removing the journal would leave shows as lost or doubled here.
        check(bench.program, _copy(machine), ledger)
        _send_all_again(bench, machine, {"web": template["keys"][0]}, ledger, waiting)
        if chance.random() < 0.2:
            check(bench.program, machine.data, ledger, verify=True)
        bench.count(**{'sealed or merged': int(_parts(machine) != 7)})
        bench.done(machine)
    bench.count(kills=kills)


def _parts(machine):
    return sum(name.endswith(".part") for name in os.listdir(os.path.join(machine.data, "parts")))


def large_store(bench):
    """Seven parts of 4,000 messages and a journal of 99,500: the next 500 make a part, and that makes a merge."""
    if "large" in bench.templates:
        return bench.templates["large"]
    machine = bench.machine()
    chance = random.Random("large")
    serials = set()
    server = _first_start(bench, machine)
    key = server.write_key
    key = server.write_key
    with Connection(server) as connection:
        for start in range(0, RECENT, 1_000):
            batch = Batch("web", range(start, min(start + 1_000, RECENT)), chance)
            answer = connection.ask("POST", "/v1/batch", key, batch.body)
            if answer is None or answer[0] != 200:
                raise Failure(f"a batch of the large store is not taken: {answer}")
            serials.update(batch.serials)
    if server.stop() != 0:
        raise Failure("the server does not stop")
    for part in range(7):
        path = os.path.join(machine.folder, f"import-{part}.jsonl")
        with open(path, "w", encoding="utf-8") as file:
            for number in range(IMPORTED):
                fields = message(f"import{part}", number, chance)
                fields["messageId"] = f"i{part}-{number}"
                file.write(json.dumps(fields) + "\n")
                serials.add(f"import{part}/m{number}")
        status, output, errors = bench.program.run("import", path, "--data", machine.data)
        if status != 0:
            raise Failure(f"the import of the large store ended with {status}: {(output + errors)[-500:]}")
    stored = stored_serials(bench.program, machine.data)
    if stored.keys() != serials:
        raise Failure(f"the large store holds {len(stored)} of {len(serials)} messages before anything happened")
    bench.templates["large"] = {"disk": machine.disk, "serials": serials, "keys": (key, server.secret_key)}
    return bench.templates["large"]

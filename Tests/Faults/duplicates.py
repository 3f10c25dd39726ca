"""G-I10: the same message ids at once on several connections, in one batch, from two sources, and again after restarts."""

import os
import random
import threading
import time

from ledger import Ledger, check, check_metrics
from load import Batch
from server import Connection, Failure

CONNECTIONS = 6
IDS = 600


def cases(options, bench):
    """Half of the stores are killed on the way; the others must answer `accepted` once for each id, no more, no less."""
    for store in range(max(2, options.cycles // 15)):
        yield f"{'killed' if store % 2 else 'calm'}:{options.seed}:{store}"


def run(case, bench):
    kind, seed, store = case.split(":")
    chance = random.Random(f"{seed}/{store}")
    machine = bench.machine()
    ledger = Ledger(os.path.join(machine.folder, "ledger"))
    server = bench.server(machine.data).must_be_ready()
    keys = {"web": server.write_key, "server": server.secret_key}
    # Half of the connections send for one source, half for the other; each sends every id, in an order of its own.
    work = [_batches(("web", "server")[index % 2], random.Random(chance.random())) for index in range(CONNECTIONS)]
    for kill in range(3 if kind == "killed" else 0):
        _send(server, keys, ledger, work, chance.uniform(0.0, 0.15))
        server = bench.server(machine.data).must_be_ready()
        ledger.begin_run()
    _send(server, keys, ledger, work, None)
    check_metrics(server, keys["server"], ledger)
    if kind == "calm" and ledger.accepted_now != 2 * IDS:
        raise Failure(f"{2 * IDS} ids were sent many times over, {ledger.accepted_now} accepted")
    # All of it once more, to the same process and to the next one: nothing is new.
    for again in range(2):
        ledger.begin_run()
        _send(server, keys, ledger, [_batches(source, chance)[:30] for source in keys], None)
        if ledger.accepted_now:
            raise Failure(f"{ledger.accepted_now} accepted that were acknowledged before")
        if server.stop() != 0:
            raise Failure("the server does not stop")
        if again == 0:
            server = bench.server(machine.data).must_be_ready()
    stored = check(bench.program, machine.data, ledger, verify=True)
    if len(stored) != 2 * IDS:
        raise Failure(f"{2 * IDS} ids of two sources were sent, {len(stored)} are stored")
    bench.count(ids=2 * IDS)
    bench.done(machine)


def _batches(source, chance):
    """Every id, in any order, a tenth of them twice in the same batch."""
    numbers = list(range(IDS))
    chance.shuffle(numbers)
    batches = []
    while numbers:
        size = chance.randrange(1, 30)
        batch, numbers = numbers[:size], numbers[size:]
        batches.append(Batch(source, batch + batch[:len(batch) // 10], chance))
    return batches


def _send(server, keys, ledger, work, kill_after):
    """Sends all work at once; with `kill_after` the server is killed so long after, and what is left stays in `work`."""
    failures = []

    def send(batches):
        try:
            with Connection(server) as connection:
                while batches:
                    status = batches[0].send(connection, keys[batches[0].source], ledger)
                    if status is None and kill_after is not None:
                        return
                    if status != 200:
                        raise Failure(f"a batch was answered with {status}")
                    batches.pop(0)
        except Failure as failure:
            failures.append(failure)

    threads = [threading.Thread(target=send, args=(batches,), daemon=True) for batches in work]
    for thread in threads:
        thread.start()
    if kill_after is not None:
        time.sleep(kill_after)
        server.kill()
    for thread in threads:
        thread.join(120)
    if failures:
        raise failures[0]

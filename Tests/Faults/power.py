"""G-D3: the power goes under a real file system, while messages come in: an ext4 that is shut down without writing."""

import os
import random

import kill
import loop
from server import Failure


def cases(options, bench):
    """Stores whose file system is shut down ten times each."""
    reason = loop.why_not()
    if reason:
        bench.notes.append(f"left out: {reason}")
        return
    for store in range(1 if options.short else max(1, -(-options.cycles // kill.KILLS_PER_STORE))):
        yield f"{options.seed}:{store}"


def run(case, bench):
    """Shuts the file system of one store down again and again."""
    chance = random.Random(f"power/{case}")
    machine = bench.machine()
    disk = loop.LoopDisk(os.path.join(machine.folder, "image"), machine.disk)

    def stop(server, ledger):
        # A sync that runs while the file system goes may still be answered as done; with the power gone, nobody would hear of it.
        ledger.go_dark()
        disk.cut(chance.choice([loop.LOG_LOST, loop.LOG_LOST, loop.LOG_FLUSHED]))
        if server.kill() not in (-9, 74):
            raise Failure(f"the server ended with {server.process.returncode} when its disk was gone: {server.said[-3:]}")
        disk.mount_again()

    try:
        kill.stop_often(bench, machine, chance, stop)
    finally:
        bench.end_servers()
        disk.unmount()
    bench.done(machine)

"""Backs up, restores and erases while messages come in, with kills amid, and looks whether anything is missing or left.

A restored backup must hold every message that was acknowledged before the backup began and none that was not sent when
it ended; its server must keep the segments that an evaluation of everybody finds. Whoever was erased must be in no byte
of the data directory, and nobody else may lose a message.
"""

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Processes"))
from residue import places  # noqa: E402
from served import Served  # noqa: E402

DEFINITIONS = {
    "seen": 'did "Seen"',
    "often": 'did "Seen" at least 5 times',
    "lately": 'did "Seen" in last 2 seconds',
    "silent": 'in segment often and did not "Seen" in last 2 seconds',
}
BROKEN = (urllib.error.URLError, ConnectionError, TimeoutError, OSError)


class Load:
    """Senders that never stop; they remember what they offered and what was acknowledged."""

    def __init__(self, server, seed, senders=2):
        self.server, self.lock = server, threading.Lock()
        self.offered, self.acknowledged = set(), set()
        self.is_over = False
        self.threads = [threading.Thread(target=self._run, args=(seed, n), daemon=True) for n in range(senders)]
        for thread in self.threads:
            thread.start()

    def _run(self, seed, sender):
        rng, number = random.Random(f"{seed} {sender}"), 0
        while not self.is_over:
            serials = [f"{sender}-{number + index}" for index in range(rng.randrange(1, 20))]
            number += len(serials)
            messages = []
            for serial in serials:
                shopper = rng.randrange(150)
                message = {"type": "track", "event": "Seen", "messageId": f"m{serial}", "properties": {"serial": serial}}
                message["anonymousId" if rng.random() < 0.5 else "userId"] = f"shopper-{shopper}"
                if rng.random() < 0.1:
                    message |= {"anonymousId": f"browser-{shopper}", "userId": f"shopper-{shopper}",
                                "context": {"traits": {"email": f"shopper-{shopper}@example.com"}}}
                messages.append(message)
            with self.lock:
                self.offered.update(serials)
            try:
                self.server.ask("/v1/batch", {"batch": messages}, key=self.server.write_key)
                with self.lock:
                    self.acknowledged.update(serials)
            except BROKEN:
                time.sleep(0.05)
            time.sleep(0.1 + rng.random() * 0.2)

    def now(self):
        with self.lock:
            return set(self.offered), set(self.acknowledged)

    def end(self):
        self.is_over = True
        for thread in self.threads:
            thread.join()


class Bench:
    def __init__(self, program, folder, rng):
        self.program, self.folder, self.rng = program, folder, rng
        self.data = os.path.join(folder, "data")
        self.server = Served(program, self.data)
        self.problems, self.bytes, self.milliseconds, self.counts = [], [0, 0], [0, 0], {}

    def count(self, what):
        self.counts[what] = self.counts.get(what, 0) + 1

    def command(self, *arguments, kills=None):
        """Runs a command; `kills` is a process to be killed at a random instant of it. The exit code, and its JSON."""
        process = subprocess.Popen(
            [self.program, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if kills:
            time.sleep(self.rng.random() ** 2 * 1.0)
            (process if kills == "command" else self.server.process).send_signal(signal.SIGKILL)
        output, errors = process.communicate(timeout=120)
        if kills == "server":
            self.server.process.wait()
            self.server.start()
        text = output if process.returncode == 0 else errors
        try:
            return process.returncode, json.loads(text)
        except ValueError:
            return process.returncode, {"message": text.decode(errors="replace")}

    # Backups

    def back_up(self, load):
        target = os.path.join(self.folder, "backup")
        kills = self.rng.choice([None, None, "command", "server"])
        before = load.now()[1]
        status, answer = self.command("backup", target, "--json", "--data", self.data, kills=kills)
        # A command that was killed may have the server go on for a moment: until it is done, there is no backup.
        deadline = time.time() + 20
        while kills == "command" and os.path.exists(target + ".partial") and time.time() < deadline:
            time.sleep(0.05)
        after = load.now()[0]
        if status == 0:
            self.note(0, answer)
        elif not kills:
            self.problems.append(f"no backup: {answer}")
        self.count(f"backups, {kills} killed" if kills else "backups")
        if os.path.exists(target):
            self.restore(target, before, after)
            shutil.rmtree(target)
        shutil.rmtree(target + ".partial", ignore_errors=True)

    def note(self, kind, answer):
        self.bytes[kind] += answer["bytes"]
        self.milliseconds[kind] += answer["milliseconds"]

    def restore(self, backup, before, after):
        data = os.path.join(self.folder, "restored")
        status, answer = self.command("restore", backup, "--json", "--data", data)
        if status != 0:
            return self.problems.append(f"not restored: {answer}")
        self.note(1, answer)
        stored = self.serials(data)
        if before - stored or stored - after:
            self.problems.append(f"{len(before - stored)} acknowledged before the backup are not in it, "
                                 f"{len(stored - after)} are that were not sent")
        other = Served(self.program, data)
        other.secret_key, other.write_key = self.server.secret_key, self.server.write_key
        other.start()
        self.check_segments(other)
        hooks = other.ask("/v1/webhooks")["webhooks"]
        if [hook["pauseReason"] for hook in hooks] != ["restored"]:
            self.problems.append(f"webhooks after a restore: {hooks}")
        other.stop()
        shutil.rmtree(data)
        self.count("restores")

    def serials(self, data):
        status, answer = self.command("top", 'serial of "Seen"', "--limit", "100000000", "--json", "--data", data)
        if status != 0:
            raise SystemExit(f"safekeeping: cannot list what is stored: {answer}")
        entries = [entry for group in answer["lists"] for entry in group["entries"]]
        doubled = [entry for entry in entries if entry["events"] != 1]
        if doubled:
            self.problems.append(f"stored twice: {doubled[:3]}")
        return {entry["value"] for entry in entries}

    # Erasures

    def plant(self, name):
        messages = [
            {"type": "identify", "messageId": f"{name}-m1", "userId": f"{name}-user", "anonymousId": f"{name}-device",
             "traits": {"email": f"{name}@example.com", f"{name}-trait": f"{name}-value", "phone": "+49 170 55501"}},
            {"type": "track", "messageId": f"{name}-m2", "anonymousId": f"{name}-device", "event": f"{name}-event",
             "properties": {f"{name}-key": f"{name}-value", "products": [{"product_id": f"{name}-item"}]}},
            {"type": "track", "messageId": f"{name}-m3", "userId": f"{name}-user", "event": "Seen",
             "context": {"device": {"id": f"{name}-gadget"}, "externalIds": [{"type": "crm", "id": f"{name}-crm"}]}},
            {"type": "alias", "messageId": f"{name}-m4", "previousId": f"{name}-old", "userId": f"{name}-user"},
            {"type": "track", "messageId": f"{name}-m5", "userId": f"{name}-user", "event": 7},
        ]
        while True:
            try:
                self.server.ask("/v1/batch", {"batch": messages}, key=self.server.write_key)
                return
            except BROKEN:
                time.sleep(0.05)

    def erase(self, name):
        self.plant(name)
        time.sleep(self.rng.random() * 0.3)
        kills = self.rng.choice([None, "server", "server"])
        id = self.rng.choice([f"{name}-user", f"{name}-device", f"{name}-old", f"{name}@example.com"])
        status, answer = self.command("erase", id, "--json", "--data", self.data, kills=kills)
        self.count(f"erasures, {kills} killed" if kills else "erasures")
        if status != 0 and kills:
            # Either it was decided, and the start finished it; or nothing happened, and it is asked again.
            known, said = self.command("export-profile", f"{name}-user", "--data", self.data)
            if known == 0:
                status, answer = self.command("erase", id, "--json", "--data", self.data)
                self.count("asked again")
            elif "unknown-profile" in said.get("message", ""):
                status = 0
            else:
                status, answer = known, said
        if status != 0:
            self.problems.append(f"{name} was not erased: {answer}")
        left = places(self.data, name)
        if left:
            self.problems.append(f"{name} is still in {[os.path.relpath(path, self.data) for path in left]}, {kills}")

    # Segments

    def check_segments(self, server):
        """Members are those of an evaluation as of the same instant, and each log has no gap."""
        for _ in range(600):
            if {entry["name"] for entry in server.ask("/v1/segments")["segments"] if entry["size"] is not None} >= DEFINITIONS.keys():
                break
            time.sleep(0.05)
        for name in DEFINITIONS:
            for _ in range(40):
                kept = server.ask(f"/v1/segments/{name}/members?limit=10000")
                instant = kept["watermark"]["instant"]
                evaluated = server.ask(f"/v1/segments/{name}/members?limit=10000&as_of={instant}")
                again = server.ask(f"/v1/segments/{name}/members?limit=10000")
                # Messages that came in between are in the evaluation and not in what was kept.
                if set(kept["members"]) == set(evaluated["members"]):
                    break
                if again["watermark"]["arrival"] == kept["watermark"]["arrival"]:
                    time.sleep(0.05)
            else:
                self.problems.append(f"{name}: {len(kept['members'])} are kept, {len(evaluated['members'])} found")
            self.check_log(server, name)

    def check_log(self, server, name):
        position = 0
        while True:
            page = server.ask(f"/v1/segments/{name}/changes?after={position}&limit=5000")["changes"]
            for entry in page:
                if entry["sequence"] != position + 1:
                    self.problems.append(f"{name}: {entry['sequence']} after {position}")
                if entry.get("profile") == "":
                    self.problems.append(f"{name}: {entry}")
                position = entry["sequence"]
            if not page:
                return


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program")
    parser.add_argument("--cycles", type=int, default=100)
    parser.add_argument("--seed", type=int, default=None)
    arguments = parser.parse_args()
    seed = arguments.seed if arguments.seed is not None else random.SystemRandom().randrange(10**9)
    rng = random.Random(seed)
    print(f"safekeeping: seed {seed}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(arguments.program, folder, rng)
        server = bench.server
        server.start()
        for name, text in DEFINITIONS.items():
            server.ask(f"/v1/segments/{name}", f"segment {name}: {text}".encode(), method="PUT")
        # Nobody may be reached there, so there is always a message that waits.
        server.ask("/v1/webhooks", {"url": "http://127.0.0.1:9/"})
        load = Load(server, seed)
        for cycle in range(arguments.cycles):
            time.sleep(rng.random() * 0.5)
            if cycle % 2 == 0:
                bench.back_up(load)
            else:
                bench.erase(f"canary{cycle}x")
            if bench.problems:
                print("\n".join(bench.problems[:10]), file=sys.stderr)
                raise SystemExit(f"safekeeping: cycle {cycle} of seed {seed} went wrong")
        load.end()
        bench.check_segments(server)
        server.stop()
        offered, acknowledged = load.now()
        stored = bench.serials(bench.data)
        if acknowledged - stored or stored - offered:
            bench.problems.append(
                f"{len(acknowledged - stored)} acknowledged messages are lost, {len(stored - offered)} were never sent")
        status, answer = bench.command("verify", "--json", "--data", bench.data)
        if status != 0:
            bench.problems.append(f"shoal verify: {answer}")
        if bench.problems:
            raise SystemExit("\n".join(bench.problems[:10]) + f"\nsafekeeping: seed {seed} went wrong")
        speeds = [f"{size / 1000 / max(time, 1):.0f} MB/s" for size, time in zip(bench.bytes, bench.milliseconds)]
        counts = ", ".join(f"{count} {what}" for what, count in sorted(bench.counts.items()))
        print(f"safekeeping: {counts}; {len(acknowledged):,} messages acknowledged, nothing lost, nothing left; "
              f"small stores at {speeds[0]} out and {speeds[1]} back")


if __name__ == "__main__":
    main()

"""Kills 'shoal serve' while shoppers act, and compares the segments it keeps with an evaluation of everybody.

After each start the memberships must be those of an evaluation as of the instant up to which they say they are exact,
and each segment's log must lead to them: without gaps, nobody entering twice or leaving without being in.
"""

import argparse
import os
import random
import signal
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Processes"))
from served import Served  # noqa: E402

DEFINITIONS = {
    "viewers": 'did "Product Viewed"',
    "here_now": 'did any event in last 2 seconds',
    "silent": 'did "Product Viewed" and did not "Product Viewed" in last 3 seconds',
    "carts": "cart.value >= 20",
    "buyers": 'did "Order Completed"',
    "left_carts": 'in segment carts and did not "Product Added" in last 4 seconds',
    "known": 'trait.email exists',
    "lately_buying": 'entered segment buyers in last 5 seconds',
}


def batch(rng, count, begun):
    """Messages of shoppers, now and then late, repeated, or joining a visitor with a user."""
    messages = []
    for _ in range(count):
        shopper = rng.randrange(60)
        message = {"type": "track", "messageId": f"m{rng.randrange(10**12)}"}
        if rng.random() < 0.5:
            message["anonymousId"] = f"n{shopper}"
        else:
            message["userId"] = f"u{shopper}"
        kind = rng.random()
        if kind < 0.1:
            message |= {"type": "identify", "userId": f"u{shopper % 40}", "anonymousId": f"n{shopper}",
                        "traits": {"email": f"{shopper}@example.com"} if rng.random() < 0.5 else {}}
        elif kind < 0.5:
            message |= {"event": "Product Viewed", "properties": {"product_id": f"p{rng.randrange(5)}"}}
        elif kind < 0.85:
            message |= {"event": rng.choice(["Product Added", "Product Removed"]),
                        "properties": {"product_id": f"p{rng.randrange(5)}", "price": 9, "quantity": 1}}
        else:
            message |= {"event": "Order Completed", "properties": {"order_id": f"o{rng.randrange(10**9)}", "revenue": 9}}
        if rng.random() < 0.2:
            late = max(begun - 5, time.time() - rng.random() * 10)
            message["timestamp"] = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(late)) + ".000Z"
        messages.append(message)
        if rng.random() < 0.05:
            messages.append(message)
    return messages


class Oracle:
    """Folds the logs of all segments, and compares."""

    def __init__(self, server):
        self.server = server
        self.members = {}
        self.position = {}
        self.entries = 0
        self.problems = []

    def fold(self, name):
        while True:
            page = self.server.ask(f"/v1/segments/{name}/changes?after={self.position.get(name, 0)}&limit=1000")
            for entry in page["changes"]:
                if entry["sequence"] != self.position.get(name, 0) + 1:
                    self.problems.append(f"{name}: {entry['sequence']} after {self.position.get(name, 0)}")
                self.position[name] = entry["sequence"]
                self.entries += 1
                members = self.members.setdefault(name, set())
                if entry["change"] == "baseline":
                    if entry["members"]:
                        self.problems.append(f"{name}: a baseline of {entry['members']} over a known log")
                    members.clear()
                    continue
                # The id an entry shows is that of today: a visitor that was joined shows as that visitor still.
                if (entry["change"] == "entered") == (entry["profile"] in members):
                    self.problems.append(f"{name}: {entry}")
                (members.add if entry["change"] == "entered" else members.discard)(entry["profile"])
            if not page["changes"]:
                return

    def check(self, name):
        """Members, the log, and an evaluation of everybody, all as of one watermark."""
        for _ in range(20):
            kept = self.server.ask(f"/v1/segments/{name}/members?limit=10000")
            mark = kept["watermark"]
            evaluated = self.server.ask(f"/v1/segments/{name}/members?limit=10000&as_of={mark['instant']}")
            self.fold(name)
            again = self.server.ask(f"/v1/segments/{name}")
            if again["sequence"] == self.position[name] and set(kept["members"]) == self.members[name]:
                break
        else:
            self.problems.append(f"{name}: the log does not lead to the members")
        if set(kept["members"]) != set(evaluated["members"]):
            self.problems.append(
                f"{name} at {mark}: kept {sorted(set(kept['members']) - set(evaluated['members']))} too many, "
                f"{sorted(set(evaluated['members']) - set(kept['members']))} too few")
        return len(kept["members"])


def settle(server):
    """Waits until all messages are decided."""
    for _ in range(400):
        text = urllib.request.urlopen(urllib.request.Request(
            f"http://127.0.0.1:{server.port}/metrics", headers={"Authorization": f"Bearer {server.secret_key}"})).read()
        values = dict(line.split() for line in text.decode().splitlines() if not line.startswith(("#", "shoal_http", "shoal_messages_total")))
        if values["shoal_memberships_stopped"] != "0":
            raise SystemExit("live: memberships stopped")
        if int(values["shoal_segments"]) >= len(DEFINITIONS) and \
                int(values["shoal_membership_arrival"]) >= int(values["shoal_stored_messages"]):
            return
        time.sleep(0.05)
    raise SystemExit("live: the server does not catch up")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program")
    parser.add_argument("--cycles", type=int, default=100)
    parser.add_argument("--seed", type=int, default=None)
    arguments = parser.parse_args()
    seed = arguments.seed if arguments.seed is not None else random.SystemRandom().randrange(10**9)
    rng = random.Random(seed)
    print(f"live: seed {seed}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        server = Served(arguments.program, os.path.join(folder, "data"))
        server.start()
        for name, text in DEFINITIONS.items():
            server.ask(f"/v1/segments/{name}", f"segment {name}: {text}".encode(), method="PUT")
        oracle = Oracle(server)
        begun, sent, kills = time.time(), 0, 0
        for cycle in range(arguments.cycles):
            deadline = time.time() + rng.random() * 1.5
            stop = threading.Timer(rng.random() * 1.5, lambda: server.process.send_signal(signal.SIGKILL))
            is_killed = rng.random() < 0.8
            if is_killed:
                stop.start()
                kills += 1
            try:
                while time.time() < deadline or is_killed:
                    messages = batch(rng, rng.randrange(1, 40), begun)
                    server.ask("/v1/batch", {"batch": messages}, key=server.write_key)
                    sent += len(messages)
                    time.sleep(rng.random() * 0.05)
            except (urllib.error.URLError, ConnectionError, TimeoutError, OSError):
                pass
            if is_killed:
                stop.join()
                server.process.wait()
                time.sleep(rng.choice([0, 0, 1, 3]))
            elif rng.random() < 0.3:
                server.stop()
            if server.process.poll() is not None:
                server.start()
            # What the last process left is compared before more comes in, and what time does afterwards.
            for pause in (0, rng.random() * 3):
                time.sleep(pause)
                settle(server)
                sizes = {name: oracle.check(name) for name in DEFINITIONS}
            if oracle.problems:
                print("\n".join(oracle.problems[:10]), file=sys.stderr)
                raise SystemExit(f"live: cycle {cycle} of seed {seed} went wrong")
        server.stop()
        print(f"live: {arguments.cycles} cycles, {kills} kills, {sent:,} messages answered, {oracle.entries:,} entries in "
              f"{len(DEFINITIONS)} logs, no difference; last sizes {sizes}")


if __name__ == "__main__":
    main()

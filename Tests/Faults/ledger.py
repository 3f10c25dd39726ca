"""What was offered and what was acknowledged, and whether a store agrees with it."""

import os
import threading

from server import Failure

EVENT = "Seen"


class Ledger:
    """Kept on another folder than the store and synced, line by line: it must not forget what the store may lose."""

    def __init__(self, path):
        self._lock = threading.Lock()
        self._file = open(path, "a", encoding="utf-8")
        self.offered = set()  # every serial that was ever sent, answered or not
        self.acknowledged = set()  # those of answers with 200: stored, or known as duplicates
        self.refused = 0  # messages that were answered as rejected
        self.refused_most = 0  # those that were sent to be rejected, answered or not
        self.changes = []  # the entries of the watched segment's log that were read, in order
        self.promised = []  # paths of what was answered as made
        self._is_dark = False  # the power is gone: no answer leaves the machine any more
        # What the answers of the server that runs now said.
        self.accepted_now = self.duplicates_now = self.refused_now = 0

    def offer(self, serials, refused=0):
        with self._lock:
            self.offered.update(serials)
            self.refused_most += refused

    def acknowledge(self, serials, accepted, duplicates, refused):
        """Whether the answer counts; one that comes when the power is gone would never have left the machine."""
        with self._lock:
            if self._is_dark:
                return False
            self.acknowledged.update(serials)
            self.refused += refused
            self.accepted_now += accepted
            self.duplicates_now += duplicates
            self.refused_now += refused
            self._file.write(" ".join(serials) + "\n")
            self._file.flush()
            os.fsync(self._file.fileno())
            return True

    def go_dark(self):
        """From now on no answer counts."""
        with self._lock:
            self._is_dark = True

    def begin_run(self):
        self._is_dark = False
        self.accepted_now = self.duplicates_now = self.refused_now = 0

    def close(self):
        self._file.close()


def stored_serials(program, data):
    """Each serial in the store, with how often it is there."""
    answer = program.json("top", f'serial of "{EVENT}"', "--limit", "100000000", "--data", data)
    return {entry["value"]: entry["events"] for group in answer["lists"] for entry in group["entries"]}


def check(program, data, ledger, verify=False):
    """Raises what is wrong with a store that nobody works on: lost, invented, doubled, unbalanced."""
    stored = stored_serials(program, data)
    lost = ledger.acknowledged - stored.keys()
    invented = stored.keys() - ledger.offered
    doubled = [serial for serial, count in stored.items() if count != 1]
    if lost or invented or doubled:
        raise Failure(
            f"{len(lost)} acknowledged messages lost {sorted(lost)[:3]}, {len(invented)} invented "
            f"{sorted(invented)[:3]}, {len(doubled)} stored twice {doubled[:3]}; {len(ledger.acknowledged)} acknowledged")
    info = program.json("info", "--data", data)
    if info["messages"] != len(stored) or info["stored"] != len(stored):
        raise Failure(f"the store counts {info['messages']} and {info['stored']} messages and holds {len(stored)}")
    if info["offered"] != info["stored"] + info["duplicates"] + info["rejected"]:
        raise Failure(f"unbalanced: {info['offered']} offered, {info['stored']} stored, {info['duplicates']} duplicates, "
                      f"{info['rejected']} rejected")
    if not ledger.refused <= info["rejected"] <= ledger.refused_most:
        raise Failure(f"{info['rejected']} rejected are counted, {ledger.refused} were answered so")
    if verify:
        status, output, errors = program.run("verify", "--data", data, "--json")
        if status != 0:
            raise Failure(f"shoal verify ended with {status}: {(output + errors).strip()[-500:]}")
    return stored


def check_metrics(server, key, ledger):
    """A server that was asked by nobody else, and answered everything, has counted the same."""
    found = server.metrics(key)
    counts = [found.get(f'shoal_messages_total{{verdict="{word}"}}', 0) for word in ("accepted", "duplicate", "rejected")]
    expected = [ledger.accepted_now, ledger.duplicates_now, ledger.refused_now]
    if counts != expected:
        raise Failure(f"/metrics counts {counts} accepted, duplicate, rejected; the answers said {expected}")

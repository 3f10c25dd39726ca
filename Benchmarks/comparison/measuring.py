"""Process CPU time, wall time and peak memory of programs."""

import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Cost:
    """What some work took: user and system time of all threads, elapsed time, both in seconds, and peak memory in MB."""

    cpu: float
    wall: float
    peak: float


def median(costs):
    """The medians of each figure apart."""
    return Cost(*(statistics.median(getattr(cost, name) for cost in costs) for name in ("cpu", "wall", "peak")))


class Failed(Exception):
    """A program that did not do what it was asked; the text says which, and what it said."""


def say(text):
    print(text, file=sys.stderr, flush=True)


def measured(command, log, watch=False):
    """Runs a program to its end; answers its standard output and what it cost.

    With `watch`, the peak is that of the memory which the process has for itself, mapped files left out, looked at twenty
    times a second. Standard error goes to the file `log`. Raises Failed when the program does not end well.
    """
    output_path = log.with_suffix(".out")
    own = 0
    with open(output_path, "wb") as output, open(log, "wb") as notes:
        start = time.monotonic()
        process = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=output, stderr=notes)
        ended, status, usage = os.wait4(process.pid, os.WNOHANG if watch else 0)
        while not ended:
            own = max(own, own_memory(process.pid))
            time.sleep(0.05)
            ended, status, usage = os.wait4(process.pid, os.WNOHANG)
        wall = time.monotonic() - start
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        tail = log.read_text(errors="replace")[-2_000:]
        raise Failed(f"{' '.join(map(str, command))}\nended with status {process.returncode}:\n{tail}")
    cost = Cost(usage.ru_utime + usage.ru_stime, wall, own if watch else usage.ru_maxrss / 1_024)
    return output_path.read_text(), cost


def own_memory(pid):
    """Resident memory of a process that is in no file, in MB."""
    try:
        with open(f"/proc/{pid}/status") as lines:
            return sum(int(line.split()[1]) for line in lines if line.startswith(("RssAnon:", "RssShmem:"))) / 1_024
    except (OSError, ValueError):
        return 0


def bytes_of(path):
    """Bytes of a file, or of all files below a folder."""
    if path.is_file():
        return path.stat().st_size
    return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())


def warm(paths):
    """Reads files once, so that no run pays for the disk."""
    for path in paths:
        with open(path, "rb") as file:
            while file.read(1 << 22):
                pass

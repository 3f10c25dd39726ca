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


def measured(command, log):
    """Runs a program to its end; answers its standard output and what it cost.

    Standard error goes to the file `log`. Raises Failed when the program does not end well.
    """
    output_path = log.with_suffix(".out")
    with open(output_path, "wb") as output, open(log, "wb") as notes:
        start = time.monotonic()
        process = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=output, stderr=notes)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - start
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        tail = log.read_text(errors="replace")[-2_000:]
        raise Failed(f"{' '.join(map(str, command))}\nended with status {process.returncode}:\n{tail}")
    cost = Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1_024)
    return output_path.read_text(), cost


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

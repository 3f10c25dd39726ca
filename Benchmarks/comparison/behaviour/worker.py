"""Runs in the Python that has the databases: `generate`, `load` and `answer`, for `Benchmarks/compare behaviour`.

`answer` keeps a database open and does one job for each line of input, so that everything is warm.
"""

import hashlib
import json
import resource
import statistics
import struct
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from comparison.behaviour.databases import DATABASES  # noqa: E402


def main():
    job = json.loads(sys.argv[2])
    if sys.argv[1] == "generate":
        from comparison.behaviour.writing import write

        write(Path(job["path"]), job["rows"], job["seed"])
    elif sys.argv[1] == "load":
        DATABASES[job["database"]](job["path"], job["threads"]).load(job["file"])
    else:
        answer(DATABASES[job["database"]](job["path"], job["threads"]))


def answer(database):
    database.open()
    for line in sys.stdin:
        job = json.loads(line)
        if job["what"] == "bytes":
            print(json.dumps(database.bytes()), flush=True)
        elif job["what"] == "members":
            ids = sorted(int(row[0]) for row in database.rows(job["statement"]))
            print(json.dumps({"count": len(ids), "sum": sum(ids), "digest": digest(struct.pack(f"<{len(ids)}I", *ids))}), flush=True)
        else:
            print(json.dumps(measured(database, job["statements"], job["repeat"])), flush=True)


def measured(database, statements, repeat):
    """Asks all statements once to warm up, then several times; medians of the whole in ms, and the last rows."""
    rows = [database.rows(statement) for statement in statements]
    cpu, wall = [], []
    for _ in range(repeat):
        before, start = cpu_seconds(), time.monotonic()
        rows = [database.rows(statement) for statement in statements]
        wall.append((time.monotonic() - start) * 1_000)
        cpu.append((cpu_seconds() - before) * 1_000)
    texts = [[[str(value) for value in row] for row in answer] for answer in rows]
    return {
        "rows": texts, "cpuMs": statistics.median(cpu) if cpu else 0, "wallMs": statistics.median(wall) if wall else 0,
        "peakMegabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1_024,
    }


def digest(data):
    return hashlib.sha256(data).hexdigest()[:16]


def cpu_seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    main()

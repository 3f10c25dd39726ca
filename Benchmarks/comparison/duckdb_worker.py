"""Runs in the Python that has DuckDB: `load DATABASE JOB` once, `evaluate DATABASE JOB` for each line of input, or
`ask DATABASE JOB` once: the rows of each script."""

import json
import resource
import sys
import tempfile
import time

import duckdb


def connect(database, job, is_read_only):
    connection = duckdb.connect(database, read_only=is_read_only)
    if job["threads"]:
        connection.execute(f"set threads = {job['threads']}")
    return connection


def filled(path, words):
    with open(path) as file:
        text = file.read()
    for word, value in words.items():
        text = text.replace(f":{word}", value)
    return text


def quoted(path):
    """A path, or a list of them, as SQL has it."""
    if isinstance(path, list):
        return "[" + ", ".join(map(quoted, path)) + "]"
    return "'" + path.replace("'", "''") + "'"


def load(database, job):
    with tempfile.TemporaryDirectory(dir=database.rpartition("/")[0] or ".") as folder:
        with connect(database, job, is_read_only=False) as connection:
            connection.execute(f"set temp_directory = {quoted(folder)}")
            words = {word: quoted(path) for word, path in job["paths"].items()}
            connection.execute(filled(job["script"], words))


def evaluate(database, job):
    connection = connect(database, job, is_read_only=True)
    for line in sys.stdin:
        asked = json.loads(line)
        words = {"now": str(asked["now"]), "typical_gap": str(asked["typical_gap"]), "day": "86400000::bigint"}
        start, before = time.monotonic(), cpu_seconds()
        for script in job["scripts"]:
            result = connection.execute(filled(script, words))
        values = result.fetchone()
        cost = [cpu_seconds() - before, time.monotonic() - start]
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_024
        figures = {column[0]: value for column, value in zip(result.description, values)}
        names = [name.removesuffix(" size") for name in figures if name.endswith(" size")]
        rows = {name: [str(figures[f"{name} {figure}"] or 0) for figure in ("size", "orders", "revenue")] for name in names}
        print(json.dumps({"rows": rows, "cost": cost + [peak]}), flush=True)


def ask(database, job):
    """Prints what each script answers, a pair of texts a row: {script: {first: second}}."""
    connection = connect(database, job, is_read_only=True)
    connection.execute(filled(job["shared"], job["words"]))
    rows = {script: connection.execute(filled(script, job["words"])).fetchall() for script in job["scripts"]}
    print(json.dumps({script: dict(pairs) for script, pairs in rows.items()}))


def cpu_seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    {"load": load, "evaluate": evaluate, "ask": ask}[sys.argv[1]](sys.argv[2], json.loads(sys.argv[3]))

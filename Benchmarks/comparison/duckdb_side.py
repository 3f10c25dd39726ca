"""What DuckDB does, in a process of its own: load, evaluate."""

import json
import subprocess
import venv
from pathlib import Path

from .measuring import Cost, Failed, measured, say

VERSION = "2.0.0"
SCRIPTS = Path(__file__).resolve().parent.parent / "duckdb"
WORKER = Path(__file__).with_name("duckdb_worker.py")


def python_with_duckdb(root):
    """The Python of `.venv-benchmarks`, which is made and filled when it is missing."""
    folder = root / ".venv-benchmarks"
    python = folder / "bin" / "python"
    test = [python, "-c", f"import duckdb; assert duckdb.__version__ == '{VERSION}'"]
    if python.exists() and subprocess.run(test, capture_output=True).returncode == 0:
        return python
    say(f"installing DuckDB {VERSION} into {folder.name}")
    venv.create(folder, with_pip=True)
    installed = subprocess.run(
        [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", f"duckdb=={VERSION}"],
        capture_output=True, text=True)
    if installed.returncode != 0:
        raise Failed(f"DuckDB could not be installed:\n{installed.stderr[-2_000:]}")
    return python


class DuckDB:
    def __init__(self, python, threads):
        self.python = python
        self.threads = threads

    def load(self, script, database, paths, log):
        """Makes a database of files; answers the cost. `paths` are the words that the script has instead of paths."""
        database.unlink(missing_ok=True)
        job = {"threads": self.threads, "script": str(SCRIPTS / script), "paths": paths}
        _, cost = measured([self.python, WORKER, "load", database, json.dumps(job)], log)
        return cost

    def library(self, database):
        return Library(self, database)


class Library:
    """A DuckDB that stays open and warm, and evaluates the twin of the ready library when asked."""

    def __init__(self, duckdb, database):
        job = {"threads": duckdb.threads, "scripts": [str(path) for path in sorted((SCRIPTS / "library").glob("*.sql"))]}
        self.process = subprocess.Popen(
            [duckdb.python, WORKER, "evaluate", database, json.dumps(job)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def evaluate(self, now, typical_gap):
        """{segment: (size, orders, revenue)} at an instant in milliseconds, and the cost inside the process."""
        print(json.dumps({"now": now, "typical_gap": typical_gap}), file=self.process.stdin, flush=True)
        line = self.process.stdout.readline()
        if not line:
            raise Failed("DuckDB ended while it evaluated")
        answer = json.loads(line)
        return {name: tuple(row) for name, row in answer["rows"].items()}, Cost(*answer["cost"])

    def close(self):
        self.process.stdin.close()
        self.process.wait()

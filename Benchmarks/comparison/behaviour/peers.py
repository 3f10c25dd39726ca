"""A database in a process of its own: loaded once, then open and warm."""

import json
import subprocess
import venv
from pathlib import Path

from ..measuring import Failed, measured, say
from .dialects import ClickHouse, DuckDB
from .questions import Questions

WORKER = Path(__file__).with_name("worker.py")
PACKAGES = {"duckdb": "2.0.0", "chdb": "4.4.0", "numpy": "2.4.6"}


def python_with_databases(root):
    """The Python of `.venv-benchmarks`, which is made and filled when something is missing."""
    folder = root / ".venv-benchmarks"
    python = folder / "bin" / "python"
    test = [python, "-c", "import chdb, duckdb, numpy"]
    if python.exists() and subprocess.run(test, capture_output=True).returncode == 0:
        return python
    wanted = [f"{name}=={version}" for name, version in PACKAGES.items()]
    say(f"installing {', '.join(wanted)} into {folder.name}")
    venv.create(folder, with_pip=True)
    installed = subprocess.run(
        [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *wanted], capture_output=True, text=True)
    if installed.returncode != 0:
        raise Failed(f"the databases could not be installed:\n{installed.stderr[-2_000:]}")
    return python


def generate(python, path, rows, seed):
    if not path.exists():
        say(f"making {rows:,} events")
        measured([python, WORKER, "generate", json.dumps({"path": str(path), "rows": rows, "seed": seed})], path.with_suffix(".log"))


class Peer:
    """One database over one log."""

    def __init__(self, dialect, python, path, threads):
        self.name = dialect.name
        self.questions = Questions(dialect())
        self.python = python
        self.path = path
        self.threads = threads
        self.process = None

    def job(self, **more):
        return json.dumps({"database": self.name, "path": str(self.path), "threads": self.threads, **more})

    def load(self, file):
        """Reads the file into new storage; answers the cost."""
        _, cost = measured([self.python, WORKER, "load", self.job(file=str(file))], self.path.with_suffix(".log"))
        return cost

    def ask(self, **job):
        if not self.process:
            self.process = subprocess.Popen(
                [self.python, WORKER, "answer", self.job()], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        print(json.dumps(job), file=self.process.stdin, flush=True)
        line = self.process.stdout.readline()
        if not line:
            raise Failed(f"{self.name} ended while it answered {job}")
        return json.loads(line)

    def bytes(self):
        """What its storage takes on the disk."""
        return self.ask(what="bytes")

    def members(self, statement):
        """Count, sum and digest of the ids that a statement selects."""
        return self.ask(what="members", statement=statement)

    def measured(self, statements, repeat):
        return self.ask(what="measure", statements=statements, repeat=repeat)

    def close(self):
        if self.process:
            self.process.stdin.close()
            self.process.wait()
            self.process = None


def both(python, work, label, threads):
    return [
        Peer(DuckDB, python, work / f"behaviour-{label}.duckdb", threads),
        Peer(ClickHouse, python, work / f"behaviour-{label}.chdb", threads),
    ]

"""The program under test: `shoal serve`, started, asked, killed; and its other commands."""

import base64
import http.client
import json
import os
import signal
import subprocess
import tempfile
import threading
import time


class Failure(Exception):
    """What must not happen."""


class Program:
    """The built program, with all commands that need no server."""

    def __init__(self, path):
        self.path = path

    def run(self, *arguments, environment=None, timeout=120):
        """Runs a command to its end; answers (exit code, output, errors). A negative code is a signal."""
        done = subprocess.run(
            [self.path, *arguments], env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=timeout)
        return done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")

    def json(self, *arguments):
        status, output, errors = self.run(*arguments, "--json")
        if status != 0:
            raise Failure(f"shoal {' '.join(arguments)} ended with {status}: {errors.strip()[-500:]}")
        return json.loads(output)


# Beside nobody's own key; inherited by all that is started here.
os.environ.setdefault("SHOAL_SECRETS_KEY", os.path.join(tempfile.gettempdir(), f"shoal-faults-{os.getuid()}.key"))


class Server:
    """A process of `shoal serve` on a free port."""

    def __init__(self, program, data, environment=None, within=60.0):
        self.within = within
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            [program.path, "serve", "--data", data, "--port", "0"], env=environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, errors="replace")
        self.port = None
        self.write_key = self.secret_key = None
        self.said = []
        self._listening = threading.Event()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for line in self.process.stderr:
            if len(self.said) < 1000:
                self.said.append(line.rstrip())
            if line.startswith("write key"):
                self.write_key = line.split()[-1]
            elif line.startswith("secret key, for"):
                self.secret_key = line.split()[-1]
            elif line.startswith("listening on"):
                self.port = int(line.rstrip().rsplit(":", 1)[1])
                self.ready_seconds = time.monotonic() - self.started
                self._listening.set()
        self._listening.set()

    def wait_ready(self, timeout=60):
        """Whether it listens; false when it ended before."""
        self._listening.wait(timeout)
        return self.port is not None

    def must_be_ready(self):
        if not self.wait_ready():
            raise Failure(f"the server does not start ({self.end()}): {' / '.join(self.said[-3:])}")
        if self.ready_seconds > self.within:
            self.kill()
            raise Failure(f"the server took {self.ready_seconds:.2f} s to start, more than {self.within} s")
        return self

    @property
    def is_running(self):
        return self.process.poll() is None

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        return self.end()

    def stop(self):
        """Asks it to stop, and answers the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.end()

    def end(self, timeout=60):
        """Waits for the end of the process; one that does not end is killed, and that is a failure."""
        try:
            status = self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise Failure(f"the process did not end within {timeout} s") from None
        self._reader.join(10)
        return status

    def ask(self, method, path, key=None, body=None, timeout=30, headers=()):
        """One request on a connection of its own: (status, headers, body), or None when there was no answer."""
        with Connection(self, timeout) as connection:
            return connection.ask(method, path, key, body, headers)

    def metrics(self, key):
        answer = self.ask("GET", "/metrics", key)
        if answer is None or answer[0] != 200:
            raise Failure(f"no metrics: {answer}")
        lines = [line.split() for line in answer[2].decode().splitlines() if line and line[0] != "#"]
        return {name: int(value) for name, value in lines}


class Connection:
    """A connection that is kept."""

    def __init__(self, server, timeout=30):
        self._http = http.client.HTTPConnection("127.0.0.1", server.port, timeout=timeout)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._http.close()

    def ask(self, method, path, key=None, body=None, headers=()):
        fields = dict(headers)
        if key:
            fields["Authorization"] = "Basic " + base64.b64encode(f"{key}:".encode()).decode()
        try:
            self._http.request(method, path, body, fields)
            answer = self._http.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        except (OSError, http.client.HTTPException):
            self._http.close()
            return None


def keys_of(program, data):
    """A write key of a store whose first start was never seen to the end, or None when it has none."""
    listed = program.json("keys", "list", "--data", data)["keys"]
    for key in listed:
        if key["kind"] == "write" and not key.get("disabled"):
            return key["key"]
    return None

"""`shoal serve` as a process, for the tests that kill it."""

import base64
import json
import os
import signal
import socket
import subprocess
import tempfile
import threading
import urllib.request


# Beside nobody's own key; all that is started here has the same one, also over a directory that was restored elsewhere.
os.environ.setdefault("SHOAL_SECRETS_KEY", os.path.join(tempfile.gettempdir(), f"shoal-tests-{os.getuid()}.key"))


class Served:
    """The program, started, killed and started again on one port and one data directory."""

    def __init__(self, program, data):
        self.program, self.data = program, data
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.process = None
        self.write_key = self.secret_key = self.setup_link = None
        self.said = []  # what it wrote to standard error

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def start(self):
        self.process = subprocess.Popen(
            [self.program, "serve", "--data", self.data, "--port", str(self.port)],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        for line in self.process.stderr:
            self.said.append(line)
            if line.startswith("write key"):
                self.write_key = line.split()[-1]
            if line.startswith("secret key, for"):
                self.secret_key = line.split()[-1]
            if line.startswith("listening on"):
                threading.Thread(target=self._listen, args=(self.process.stderr,), daemon=True).start()
                return
        raise SystemExit(f"the server did not start: {self.process.wait()}")

    def _listen(self, lines):
        for line in lines:
            self.said.append(line)
            if line.startswith("set up the first user"):
                self.setup_link = line.split()[-1]

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(timeout=30)
        if status != 0:
            raise SystemExit(f"the server ended with status {status}")

    def ask(self, path, body=None, key=None, method=None):
        """The JSON of an answer; a body is bytes, or what is to be sent as JSON. With the secret key unless with another."""
        is_text = isinstance(body, bytes)
        request = urllib.request.Request(
            f"{self.url}{path}", method=method,
            data=body if body is None or is_text else json.dumps(body).encode())
        token = base64.b64encode(f"{key}:".encode()).decode() if key else None
        request.add_header("Authorization", f"Basic {token}" if key else f"Bearer {self.secret_key}")
        request.add_header("Content-Type", "text/plain" if is_text else "application/json")
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

"""`shoal serve` as a process, for the tests that kill it."""

import signal
import socket
import subprocess
import threading


class Served:
    """The program, started, killed and started again on one port and one data directory."""

    def __init__(self, program, data):
        self.program, self.data = program, data
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.process = None
        self.write_key = self.secret_key = None

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def start(self):
        self.process = subprocess.Popen(
            [self.program, "serve", "--data", self.data, "--port", str(self.port)],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        for line in self.process.stderr:
            if line.startswith("write key"):
                self.write_key = line.split()[-1]
            if line.startswith("secret key, for"):
                self.secret_key = line.split()[-1]
            if line.startswith("listening on"):
                threading.Thread(target=self.process.stderr.read, daemon=True).start()
                return
        raise SystemExit(f"the server did not start: {self.process.wait()}")

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(timeout=30)
        if status != 0:
            raise SystemExit(f"the server ended with status {status}")

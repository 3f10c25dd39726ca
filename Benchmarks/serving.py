#!/usr/bin/env python3
"""Measures 'shoal serve' with the load on the same machine: messages acknowledged, how soon segments follow, decisions,
starts, memory. Prints the table of docs/performance.md.

    Benchmarks/serving.py                         a new store, release build
    Benchmarks/serving.py --data DIR              over a data directory, as of a copy that is made of it
    Benchmarks/serving.py --seconds 20 --connections 8 --definitions 100
"""

import argparse
import base64
import http.client
import json
import multiprocessing
import os
import queue
import random
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time


# So many messages a second are made beforehand.
MOST_A_SECOND = 100_000


class Server:
    def __init__(self, program, data):
        self.program, self.data = program, data
        self.options = ["--secrets-key", data.rstrip("/") + ".key"]
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.keys = {}

    def start(self):
        """Seconds until it listens; 'kept' is set when memberships are kept."""
        self.kept = threading.Event()
        begun = time.perf_counter()
        self.process = subprocess.Popen(
            [self.program, "serve", "--data", self.data, "--port", str(self.port),
             *self.options],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        for line in self.process.stderr:
            if line.startswith("write key"):
                self.keys["write"] = line.split()[-1]
            if line.startswith("secret key, for"):
                self.keys["secret"] = line.split()[-1]
            # It may come before the other, which is said when the port is open.
            self._look(line, begun)
            if line.startswith("listening on"):
                break
        else:
            raise SystemExit("serving: the server did not start")
        listening = time.perf_counter() - begun

        def watch():
            for line in self.process.stderr:
                self._look(line, begun)
        threading.Thread(target=watch, daemon=True).start()
        return listening

    def _look(self, line, begun):
        if "memberships are kept" in line:
            self.kept_after = time.perf_counter() - begun
            self.kept.set()

    def connect(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()

    def cpu(self):
        with open(f"/proc/{self.process.pid}/stat") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def anonymous_megabytes(self):
        with open(f"/proc/{self.process.pid}/status") as file:
            return next(int(line.split()[1]) for line in file if line.startswith("RssAnon")) / 1024


def basic(key):
    return "Basic " + base64.b64encode(f"{key}:".encode()).decode()


def body(run, thread, number, size, shoppers, rng):
    messages = []
    for index in range(size):
        messages.append(
            '{"type":"track","messageId":"%s-%d-%d-%d","anonymousId":"v%d","event":"%s","properties":{"product_id":"p%d",'
            '"price":%d,"category":"c%d"},"context":{"page":{"path":"/p/%d"}}}' % (
                run, thread, number, index, rng.randrange(shoppers),
                rng.choice(("Product Viewed", "Product Viewed", "Page Viewed", "Product Added")), rng.randrange(500),
                rng.randrange(100), rng.randrange(20), rng.randrange(500)))
    return ('{"batch":[' + ",".join(messages) + "]}").encode()


class Requests:
    """Requests with batches of new messages, made before the time is taken: making them is none of the server's work."""

    def __init__(self, server, connections, count, size, shoppers):
        head = (f"POST /v1/batch HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: {basic(server.keys['write'])}\r\n"
                "Content-Type: application/json\r\nContent-Length: ")
        run, self.size = f"r{random.randrange(10**9)}", size
        self.of = [[] for _ in range(connections)]
        for thread in range(connections):
            rng = random.Random(f"{run}{thread}")
            for number in range(count // connections):
                content = body(run, thread, number, size, shoppers, rng)
                self.of[thread].append(f"{head}{len(content)}\r\n\r\n".encode() + content)


def load(server, requests, seconds, pace=None):
    """Messages answered in a second, and the latencies of requests in ms; ends when the requests or the time are over."""
    counts, latencies = [], []
    begun = time.perf_counter()

    def work(waiting):
        sent = 0
        with socket.create_connection(("127.0.0.1", server.port)) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while waiting and time.perf_counter() < begun + seconds:
                start = time.perf_counter()
                connection.sendall(waiting.pop())
                answer = connection.recv(65536)
                while b"\r\n\r\n" not in answer or answer[-1:] != b"}":
                    more = connection.recv(65536)
                    if not more:
                        raise SystemExit("serving: the server closed a connection")
                    answer += more
                latencies.append((time.perf_counter() - start) * 1000)
                if answer.startswith(b"HTTP/1.1 200"):
                    sent += requests.size
                else:
                    time.sleep(0.05)
                if pace:
                    time.sleep(max(0, pace - (time.perf_counter() - start)))
        counts.append((sent, time.perf_counter() - begun))

    threads = [threading.Thread(target=work, args=(waiting,)) for waiting in requests.of]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(count for count, _ in counts) / max(time for _, time in counts), latencies


def crowding(server, ready, shoppers):
    """5,000 messages a second in batches of 100, until it is ended."""
    requests = Requests(server, 2, 4000, 100, shoppers)
    ready.set()
    load(server, requests, 80, pace=0.04)


class Asking:
    """A connection on which requests are answered one after the other; making them costs next to nothing."""

    def __init__(self, server, path, key):
        self.connection = socket.create_connection(("127.0.0.1", server.port))
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.head = (f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: {basic(key)}\r\n"
                     "Content-Type: application/json\r\nContent-Length: ")

    def ask(self, value):
        """When it was sent and answered, s."""
        content = json.dumps(value).encode()
        request = f"{self.head}{len(content)}\r\n\r\n".encode() + content
        begun = time.perf_counter()
        self.connection.sendall(request)
        answer = self.connection.recv(65536)
        while b"\r\n\r\n" not in answer or answer[-1:] != b"}":
            answer += self.connection.recv(65536)
        if not answer.startswith(b"HTTP/1.1 200"):
            raise SystemExit(f"serving: {answer.decode()}")
        return begun, time.perf_counter()


def listening(server, results):
    """Tells when which profile's change came."""
    connection = server.connect()
    headers = {"Authorization": f"Bearer {server.keys['secret']}", "Accept": "text/event-stream"}
    # Only what happens from now on: there may be thousands of changes before.
    connection.request("GET", "/v1/segments/bench_0", headers=headers)
    last = json.loads(connection.getresponse().read())["sequence"]
    connection.request("GET", f"/v1/segments/bench_0/changes?after={last}", headers=headers)
    answer = connection.getresponse()
    results.put(None)
    while line := answer.readline():
        if line.startswith(b"data:"):
            came = time.perf_counter()
            results.put((json.loads(line[5:]).get("profile"), came))


def transitions(server, count):
    """From the answer to a visitor's first message to the change in the stream of a segment, ms."""
    # A process of its own, so that neither holds up the other; the clock is the machine's.
    fork = multiprocessing.get_context("fork")
    results = fork.Queue()
    listener = fork.Process(target=listening, args=(server, results), daemon=True)
    listener.start()
    results.get()
    time.sleep(0.5)
    asking, answered, run = Asking(server, "/v1/track", server.keys["write"]), {}, random.randrange(10**9)
    for number in range(count):
        name = f"new-{run}-{number}"
        _, answered[name] = asking.ask({"event": "Product Viewed", "anonymousId": name, "messageId": name})
        time.sleep(0.01)
    arrivals, deadline = {}, time.time() + 30
    while len(arrivals.keys() & answered.keys()) < count and time.time() < deadline:
        try:
            name, came = results.get(timeout=1)
            arrivals[name] = came
        except queue.Empty:
            pass
    listener.terminate()
    listener.join()
    found = [max(0.0, (arrivals[name] - answered[name]) * 1000) for name in answered if name in arrivals]
    if len(found) < count:
        print(f"serving: {count - len(found)} changes did not come", file=sys.stderr)
    return found


def decisions(server, count, shoppers, with_message):
    """From a request to its answer, ms. A message of the same call is on the disk and part of the answer."""
    asking, latencies, rng = Asking(server, "/v1/decide", server.keys["write"]), [], random.Random(5)
    for number in range(count):
        visitor = {"anonymousId": f"v{rng.randrange(shoppers)}"}
        if with_message:
            visitor["message"] = {"event": "Product Viewed", "properties": {"product_id": "p1"}}
        begun, answered = asking.ask(visitor)
        latencies.append((answered - begun) * 1000)
        time.sleep(0.01)
    return latencies


def syncs(folder, count=200):
    """How long the disk takes to sync 4 KB that are written over, ms: no answer to a message can be sooner."""
    path, latencies = os.path.join(folder, "sync"), []
    file = os.open(path, os.O_CREAT | os.O_RDWR)
    os.write(file, bytes(1 << 20))
    os.fsync(file)
    for number in range(count):
        os.pwrite(file, b"x" * 4096, number * 4096)
        begun = time.perf_counter()
        os.fdatasync(file)
        latencies.append((time.perf_counter() - begun) * 1000)
    os.close(file)
    os.unlink(path)
    return latencies


def quantiles(values):
    values = sorted(values)
    return f"{statistics.median(values):.1f} / {values[min(len(values) - 1, int(len(values) * 0.99))]:.1f}"


def started(server, name):
    """Starts a server again; the rows of how long it took."""
    listening = server.start()
    server.kept.wait()
    return [(f"{name}: listening", "s", f"{listening:.2f}"),
            (f"{name}: memberships up to date", "s", f"{server.kept_after:.2f}")]


def print_table(rows):
    print("| | | |\n|---|---|--:|")
    for name, unit, value in rows:
        print(f"| {name} | {unit} | {value} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shoal", default=".build/release/shoal")
    parser.add_argument("--data", help="a data directory to copy; a new store without it")
    parser.add_argument("--seconds", type=float, default=15)
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--definitions", type=int, default=100, help="active segments, the ready ones among them")
    parser.add_argument("--shoppers", type=int, default=20_000)
    arguments = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory(dir=os.path.dirname(arguments.data) if arguments.data else None) as folder:
        data = os.path.join(folder, "data")
        if arguments.data:
            shutil.copytree(arguments.data, data)
        rows.append(("a sync of this disk, p50 / p99", "ms", quantiles(syncs(folder))))
        server = Server(arguments.shoal, data)
        rows.append(("first start: listening", "s", f"{server.start():.2f}"))
        server.kept.wait()
        rows.append(("first start: memberships of all kept", "s", f"{server.kept_after:.2f}"))
        connection = server.connect()
        headers = {"Authorization": f"Bearer {server.keys['secret']}"}
        connection.request("GET", "/v1/segments", headers=headers)
        there = len(json.loads(connection.getresponse().read())["segments"])
        for number in range(max(1, arguments.definitions - there)):
            text = f'segment bench_{number}: did "Product Viewed" at least {number + 1} times in last {number + 1} days'
            connection.request("PUT", f"/v1/segments/bench_{number}", text.encode(), headers)
            connection.getresponse().read()
        rows.append(("answer to change in the stream, idle, p50 / p99", "ms", quantiles(transitions(server, 500))))
        requests = Requests(
            server, arguments.connections, int(arguments.seconds * MOST_A_SECOND / 100), 100, arguments.shoppers)
        before = server.cpu()
        begun = time.perf_counter()
        rate, latencies = load(server, requests, arguments.seconds)
        share = (server.cpu() - before) / (time.perf_counter() - begun)
        rows.append(("acknowledged messages, batches of 100", "1/s", f"{rate:,.0f}"))
        rows.append(("their requests, p50 / p99", "ms", quantiles(latencies)))
        rows.append(("cores the server took meanwhile", "", f"{share:.2f}"))
        time.sleep(5)
        # A process of its own, so that it does not hold up whoever takes the time here.
        fork = multiprocessing.get_context("fork")
        ready = fork.Event()
        crowd = fork.Process(target=crowding, args=(server, ready, arguments.shoppers), daemon=True)
        crowd.start()
        ready.wait()
        time.sleep(1)
        for name, with_message in (("decide", False), ("decide with a message", True)):
            found = decisions(server, 500, arguments.shoppers, with_message)
            rows.append((f"{name} under 5,000 messages/s, p50 / p99", "ms", quantiles(found)))
        rows.append(("answer to change under 5,000 messages/s, p50 / p99", "ms", quantiles(transitions(server, 300))))
        crowd.terminate()
        crowd.join()
        rows.append(("memory that is no file", "MB", f"{server.anonymous_megabytes():,.0f}"))
        server.stop()
        rows += started(server, "second start")
        server.process.kill()
        server.process.wait()
        rows += started(server, "start after a kill")
        server.stop()
    print_table(rows)


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Measures what clients who misbehave cost those who do not. Prints the table of docs/performance.md.

    Benchmarks/neighbours.py                      all of it; release build
    Benchmarks/neighbours.py --slow 10000         so many connections that are slow in each way, one way after another

A well-behaved client sends one message after another, each on the disk when it is answered, and takes the time of each. It
does so alone, then while another key sends ten times what its limit allows, then beside connections that send the head of a
request byte by byte, or the body, do not read their answer, or do nothing.
"""

import argparse
import asyncio
import base64
import json
import multiprocessing
import os
import resource
import subprocess
import tempfile
import time

from serving import Asking, Requests, Server, load, print_table, quantiles

LIMIT = 2_000


class Limited(Server):
    """With a limit for each key that one client can pass, and room for all connections."""

    def __init__(self, program, data, connections):
        super().__init__(program, data)
        self.options += ["--events-per-key", str(LIMIT), "--connections", str(connections)]


def make_key(server, name):
    """A write key of another source; keys are made while the server is stopped."""
    made = subprocess.run(
        [server.program, "keys", "new", name, "--write", "--data", server.data, "--json"], capture_output=True, check=True,
        env={**os.environ, "SHOAL_SECRETS_KEY": server.data.rstrip("/") + ".key"})
    return json.loads(made.stdout)["key"]


def well_behaved(server, seconds):
    """Latencies of a message each 5 ms, ms."""
    asking, latencies, number, begun = Asking(server, "/v1/track", server.keys["write"]), [], 0, time.perf_counter()
    while time.perf_counter() < begun + seconds:
        number += 1
        sent, answered = asking.ask({"event": "Product Viewed", "anonymousId": f"n{number % 500}"})
        latencies.append((answered - sent) * 1000)
        time.sleep(0.005)
    return latencies


def greedy(server, key, ready, seconds):
    """Ten times what a key may send, in batches of 100."""
    server.keys["write"] = key
    requests = Requests(server, 2, LIMIT * 10 * int(seconds + 2) // 100, 100, 5_000)
    ready.set()
    load(server, requests, seconds, pace=2 * 100 / (LIMIT * 10))


def slow(port, key, way, count, ready, seconds):
    """So many connections that are slow in one way."""
    head = (f"POST /v1/track HTTP/1.1\r\nHost: x\r\nAuthorization: Basic {base64.b64encode(f'{key}:'.encode()).decode()}\r\n"
            "Content-Type: application/json\r\n").encode()

    async def one(gate):
        async with gate:
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1)
            except OSError:
                return
        try:
            if way == "head":
                text, pause = head, 3
            elif way == "body":
                text, pause = head + b"Content-Length: 3000\r\n\r\n" + b"{" * 3000, 3
                writer.write(text[:-3000])
                text = text[-3000:]
            elif way == "answer":
                writer.transport.pause_reading()
                writer.write(b"GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n" * 40)
                text, pause = b"", 1
            else:
                text, pause = b"", 1
            deadline = time.time() + seconds
            place = 0
            while time.time() < deadline:
                if place < len(text):
                    writer.write(text[place:place + 1])
                    place += 1
                await asyncio.sleep(pause)
        except OSError:
            pass
        finally:
            writer.transport.abort()

    async def all_of_them():
        gate = asyncio.Semaphore(200)
        tasks = [asyncio.create_task(one(gate)) for _ in range(count)]
        await asyncio.sleep(count / 2_000 + 1)
        ready.set()
        await asyncio.gather(*tasks)

    asyncio.run(all_of_them())


def open_files(server):
    return len(os.listdir(f"/proc/{server.process.pid}/fd"))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shoal", default=".build/release/shoal")
    parser.add_argument("--seconds", type=float, default=15, help="how long each is measured")
    parser.add_argument("--slow", type=int, default=4_000, help="slow connections of each kind")
    arguments = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    fork, rows = multiprocessing.get_context("fork"), []
    with tempfile.TemporaryDirectory() as folder:
        server = Limited(arguments.shoal, os.path.join(folder, "data"), arguments.slow + 500)
        server.start()
        server.stop()
        other = make_key(server, "other")
        server.start()
        well_behaved(server, 3)
        rows.append(("a message, nobody else there, p50 / p99", "ms", quantiles(well_behaved(server, arguments.seconds))))

        ready = fork.Event()
        process = fork.Process(target=greedy, args=(server, other, ready, arguments.seconds + 2), daemon=True)
        process.start()
        ready.wait()
        time.sleep(1)
        found = well_behaved(server, arguments.seconds)
        process.join()
        rows.append((f"beside a key that sends {LIMIT * 10:,} messages/s and may send {LIMIT:,}", "ms", quantiles(found)))

        for way, what in (("head", "send their head byte by byte"), ("body", "send their body byte by byte"),
                          ("answer", "do not read their answers"), ("nothing", "do nothing")):
            before, files = server.anonymous_megabytes(), open_files(server)
            ready = fork.Event()
            process = fork.Process(
                target=slow, args=(server.port, other, way, arguments.slow, ready, arguments.seconds + 3), daemon=True)
            process.start()
            ready.wait()
            most = open_files(server) - files
            found = well_behaved(server, arguments.seconds)
            grown = server.anonymous_megabytes() - before
            rows.append((f"beside {arguments.slow:,} connections that {what}", "ms", quantiles(found)))
            rows.append((f"  memory they take, of {most:,} that were open", "MB", f"{grown:,.0f}"))
            process.join()
            begun = time.time()
            while open_files(server) > files + 5 and time.time() < begun + 90:
                time.sleep(0.2)
            rows.append(("  all closed after", "s", f"{time.time() - begun:.1f}"))
        server.stop()
    print_table(rows)


if __name__ == "__main__":
    main()

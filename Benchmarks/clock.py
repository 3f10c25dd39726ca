#!/usr/bin/env python3
"""Measures what only time causes: how late memberships change by the clock while many profiles wait for their instants,
and what keeping them takes of memory. Prints the table of docs/performance.md.

    Benchmarks/clock.py                           100,000 profiles, 100 definitions, one minute; release build
    Benchmarks/clock.py --profiles 1000000

Each profile has two events, spread over the last day. Beside the ready segments there are definitions such as 'did "Page
Viewed" in last 7 hours', so everybody leaves some of them today; some hundred changes a second at a million profiles. The
stream of one of these segments is read: lateness is the time from the instant at which a change is effective to its line in
the stream, by the clock of the same machine.
"""

import argparse
import datetime
import http.client
import json
import os
import random
import subprocess
import tempfile
import threading
import time

from serving import Server, print_table, quantiles, started


def write(path, profiles):
    """Two events a profile; times are of the day up to now."""
    now, rng = time.time(), random.Random(7)
    stamp = datetime.datetime.fromtimestamp
    with open(path, "w") as file:
        file.write("timestamp,event,user_id,product_id,price,category\n")
        for number in range(profiles):
            for event in ("Page Viewed", "Product Viewed"):
                at = stamp(now - rng.random() * 86_400, datetime.timezone.utc).isoformat(timespec="milliseconds")
                file.write(f"{at},{event},u{number},p{rng.randrange(500)},{rng.randrange(100)},c{rng.randrange(20)}\n")


def instant(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def lateness(server, name, seconds):
    """Of each change of a segment in so many seconds, ms."""
    headers = {"Authorization": f"Bearer {server.keys['secret']}", "Accept": "text/event-stream"}
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=600)
    connection.request("GET", f"/v1/segments/{name}", headers=headers)
    last = json.loads(connection.getresponse().read())["sequence"]
    connection.request("GET", f"/v1/segments/{name}/changes?after={last}", headers=headers)
    answer, found, deadline = connection.getresponse(), [], time.time() + seconds
    # The stream may be silent: the connection is closed under it.
    timer = threading.Timer(seconds, connection.sock.shutdown if connection.sock else answer.close, args=(2,))
    timer.daemon = True
    timer.start()
    try:
        while time.time() < deadline and (line := answer.readline()):
            if line.startswith(b"data:"):
                came = time.time()
                found.append((came - instant(json.loads(line[5:])["at"])) * 1000)
    except (OSError, ValueError, http.client.HTTPException):
        pass
    return found


def changes(server):
    """How many changes there have been in all segments."""
    connection = server.connect()
    connection.request("GET", "/v1/segments", headers={"Authorization": f"Bearer {server.keys['secret']}"})
    return sum(segment["sequence"] for segment in json.loads(connection.getresponse().read())["segments"])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shoal", default=".build/release/shoal")
    parser.add_argument("--profiles", type=int, default=100_000)
    parser.add_argument("--definitions", type=int, default=100, help="active segments, the ready ones among them")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--work", help="a folder for the data; a temporary one without it")
    arguments = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory(dir=arguments.work) as folder:
        log, data = os.path.join(folder, "events.csv"), os.path.join(folder, "data")
        write(log, arguments.profiles)
        subprocess.run([arguments.shoal, "import", log, "--data", data], check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL)
        server = Server(arguments.shoal, data)
        rows.append(("first start: listening", "s", f"{server.start():.2f}"))
        connection = server.connect()
        headers = {"Authorization": f"Bearer {server.keys['secret']}"}
        connection.request("GET", "/v1/segments", headers=headers)
        there = len(json.loads(connection.getresponse().read())["segments"])
        names = [f"recent_{number}" for number in range(max(1, arguments.definitions - there))]
        for number, name in enumerate(names):
            text = f'segment {name}: did "Page Viewed" in last {number + 1} hours'
            connection.request("PUT", f"/v1/segments/{name}", text.encode(), headers)
            connection.getresponse().read()
        server.kept.wait()
        rows.append(("first start: memberships of all kept", "s", f"{server.kept_after:.2f}"))
        # Definitions that came later are kept when their segment has members.
        begun = time.time()
        while time.time() < begun + 600:
            connection.request("GET", f"/v1/segments/{names[-1]}", headers=headers)
            if json.loads(connection.getresponse().read()).get("size"):
                break
            time.sleep(0.5)
        time.sleep(5)
        before, cpu = changes(server), server.cpu()
        begun = time.perf_counter()
        late = lateness(server, names[len(names) // 2], arguments.seconds)
        took = time.perf_counter() - begun
        rows.append(("changes by the clock, all segments", "1/s", f"{(changes(server) - before) / took:,.0f}"))
        rows.append(("cores the server took meanwhile", "", f"{(server.cpu() - cpu) / took:.3f}"))
        rows.append((f"lateness of {len(late)} of them, p50 / p99", "ms", quantiles(late) if late else "none came"))
        rows.append(("the longest", "ms", f"{max(late):.1f}" if late else ""))
        megabytes = server.anonymous_megabytes()
        rows.append(("memory that is no file", "MB", f"{megabytes:,.0f}"))
        rows.append(("the same for a million profiles", "MB", f"{megabytes / arguments.profiles * 1e6:,.0f}"))
        server.stop()
        rows += started(server, "second start")
        server.stop()
    print_table(rows)


if __name__ == "__main__":
    main()

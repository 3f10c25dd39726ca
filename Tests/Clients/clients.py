"""Sends events with the libraries that shops use, kills the server while they send, and counts what is stored.

Every event must be there exactly once: the libraries send again what was not answered, and the server knows it again.
"""

import argparse
import json
import logging
import os
import random
import subprocess
import sys
import tempfile
import threading
import time

# All of them here: two threads that import the same library at once may each find half of it.
from posthog import Posthog
from rudderstack.analytics.client import Client as RudderClient
from segment.analytics.client import Client as SegmentClient

logging.disable(logging.CRITICAL)


sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Processes"))
from served import Served  # noqa: E402


def info_of(server):
    return json.loads(subprocess.check_output([server.program, "info", "--data", server.data, "--json"]))


def properties(number):
    return {"product_id": f"p{number % 50}", "price": number / 4, "note": "ünïcödé \U0001f41f"}


def segment(server, count, failures):
    client = SegmentClient(
        server.write_key, host=server.url, gzip=True, max_retries=60, upload_size=20, upload_interval=0.05,
        on_error=lambda error, _: failures.append(("segment", str(error))))
    for number in range(count):
        client.track(user_id=f"s{number % 40}", event="Product Viewed", properties=properties(number))
        time.sleep(0.002)
    client.identify(user_id="s0", traits={"email": "s0@shop.example"})
    client.shutdown()
    return count + 1


def rudder(server, count, failures):
    client = RudderClient(
        server.write_key, host=server.url, max_retries=60, upload_size=20, upload_interval=0.05,
        on_error=lambda error, _: failures.append(("rudder", str(error))))
    for number in range(count):
        client.track(user_id=f"r{number % 40}", event="Product Added", properties=properties(number))
        time.sleep(0.002)
    client.page(anonymous_id="rd", name="Home")
    client.shutdown()
    return count + 1


def posthog(server, count, failures):
    client = Posthog(
        server.write_key, host=server.url, gzip=True, max_retries=60, flush_at=20, flush_interval=0.05,
        on_error=lambda error, _: failures.append(("posthog", str(error))))
    for number in range(count):
        client.capture("Cart Viewed", distinct_id=f"p{number % 40}", properties=properties(number))
        time.sleep(0.002)
    client.shutdown()
    return count


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--events", type=int, default=400)
    parser.add_argument("--kills", type=int, default=3)
    parser.add_argument("--seed", type=int, default=None)
    options = parser.parse_args()
    seed = options.seed if options.seed is not None else random.randrange(1 << 32)
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        server = Served(options.program, os.path.join(folder, "data"))
        server.start()
        failures, sent, threads = [], [], []
        for client in (segment, rudder, posthog):
            def run(client=client):
                try:
                    sent.append(client(server, options.events, failures))
                except Exception as error:
                    failures.append((client.__name__, repr(error)))
            threads.append(threading.Thread(target=run))
        for thread in threads:
            thread.start()
        for _ in range(options.kills):
            time.sleep(chance.uniform(0.1, 0.6))
            server.kill()
            time.sleep(chance.uniform(0.0, 0.3))
            server.start()
        for thread in threads:
            thread.join(timeout=300)
            if thread.is_alive():
                raise SystemExit("a client did not come to an end within five minutes")
        rejects = server.ask("/v1/rejects")["rejects"]
        server.stop()
        info = info_of(server)
        stored, expected = info["messages"], sum(sent)
        print(f"clients: {expected} sent by three libraries, {stored} stored, {options.kills} kills, seed {seed}")
        if len(sent) != 3 or failures or rejects or stored != expected or stored < 3 * options.events:
            print(f"clients: failures {failures[:3]}, rejects {rejects[:3]}", file=sys.stderr)
            raise SystemExit(1)


main()

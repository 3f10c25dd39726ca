#!/usr/bin/env python3
"""Measures how long 'shoal serve' takes for each page of the dashboard. Prints the table of docs/performance.md.

    Benchmarks/pages.py --data DIR                over a copy of a data directory; release build
    Benchmarks/pages.py --data DIR --repeat 50

Each page is asked for three times over: for the first time after a start, until all of its figures are there, and again and again
then. Times are those of the whole request, on the same machine.
"""

import argparse
import http.client
import os
import re
import shutil
import statistics
import tempfile
import time
import urllib.parse

from serving import Server

PAGES = [
    "/", "/segments", "/segments/buyers", "/segments/buyers/members", "/profiles", None,
    "/funnels?step1=Product%20Viewed&step2=Product%20Added&step3=Order%20Completed&period=90-days", "/retention",
    "/paths?start=Product%20Added", "/rfm", "/satisfaction", "/data", "/data/live", "/settings"]


class Browsed(Server):
    """With somebody signed in."""

    def _look(self, line, begun):
        super()._look(line, begun)
        if found := re.search(r"set up the first user: \S*#(\S+)", line):
            self.code = found[1]

    def sign_up(self):
        form = {"code": self.code, "name": "Ann", "email": "ann@shop.example", "password": "four small fish swim"}
        answer = self.send("POST", "/setup", urllib.parse.urlencode(form), {
            "Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://127.0.0.1:{self.port}"})[0]
        if answer.status != 303:
            raise SystemExit(f"pages: nobody could be set up ({answer.status})")
        self.cookie = answer.getheader("Set-Cookie").split(";")[0]

    def send(self, method, path, body=None, headers=()):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        begun = time.perf_counter()
        connection.request(method, path, body, dict(headers))
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        return answer, text, (time.perf_counter() - begun) * 1000

    def page(self, path):
        """A page and its milliseconds."""
        answer, text, taken = self.send("GET", path, headers={"Cookie": self.cookie})
        if answer.status != 200:
            raise SystemExit(f"pages: {path} is answered with {answer.status}")
        return text.decode(), taken


def measure(server, path, repeat):
    text, first = server.page(path)
    begun = time.perf_counter()
    while "http-equiv=\"refresh\"" in text:
        time.sleep(0.1)
        text, _ = server.page(path)
    whole = first / 1000 + time.perf_counter() - begun
    times = sorted(server.page(path)[1] for _ in range(repeat))
    return first, whole, statistics.median(times), times[min(len(times) - 1, int(len(times) * 0.99))], len(text)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shoal", default=".build/release/shoal")
    parser.add_argument("--data", required=True, help="a data directory to copy")
    parser.add_argument("--repeat", type=int, default=30)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = os.path.join(folder, "data")
        shutil.copytree(arguments.data, data)
        server = Browsed(arguments.shoal, data)
        server.start()
        server.kept.wait()
        for _ in range(100):
            if hasattr(server, "code"):
                break
            time.sleep(0.1)
        server.sign_up()
        # What is computed once after a start is no page's own work.
        time.sleep(5)
        print("| page | first answer, ms | all figures, s | then, p50 / p99, ms | kB |\n|---|--:|--:|--:|--:|")
        for path in PAGES:
            if path is None:
                path = re.search(r'href="(/profiles/[^"?/]+)"', server.page("/segments/buyers/members")[0])[1]
            first, whole, median, most, size = measure(server, path, arguments.repeat)
            print(f"| `{path.split('?')[0]}` | {first:.0f} | {whole:.1f} | {median:.1f} / {most:.1f} | {size / 1000:.0f} |", flush=True)
        server.stop()


if __name__ == "__main__":
    main()

"""What Shoal does: build, make the demonstration store's files, import, evaluate."""

import json
import re
import shutil
import subprocess

from .measuring import Failed, bytes_of, measured, say

UNITS = {
    "millisecond": 1, "second": 1_000, "minute": 60_000, "hour": 3_600_000, "day": 86_400_000, "week": 604_800_000,
    "month": 30 * 86_400_000, "year": 365 * 86_400_000,
}


class Shoal:
    def __init__(self, program):
        self.program = program

    @staticmethod
    def built(root):
        """The program of these sources, built in release."""
        say("building shoal in release")
        build = ["swift", "build", "--configuration", "release"]
        made = subprocess.run([*build, "--product", "shoal"], cwd=root, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if made.returncode != 0:
            raise Failed(f"the build failed:\n{(made.stdout + made.stderr)[-3_000:]}")
        place = subprocess.run([*build, "--show-bin-path"], cwd=root, capture_output=True, text=True, check=True)
        return Shoal(place.stdout.strip() + "/shoal")

    def write_demo(self, folder, events, seed, until):
        """Writes the files of a demonstration store, `events` messages long or nearly, unless they are there."""
        if (folder / "events.jsonl").exists():
            return
        say(f"making about {events:,} events")
        unfinished = folder.with_name(folder.name + ".unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        # An ordinary shopper of that store leaves 26 messages in a year.
        measured(
            [self.program, "demo", "--write", unfinished, "--events", events, "--profiles", max(1, events // 26),
             "--seed", seed, "--until", until, "--zone", "UTC"],
            log=folder.with_suffix(".log"))
        unfinished.rename(folder)

    def import_files(self, files, data, log):
        """Imports files into a new data directory; answers the cost."""
        shutil.rmtree(data, ignore_errors=True)
        _, cost = measured([self.program, "import", *files, "--data", data, "--zone", "UTC"], log)
        return cost

    def evaluate(self, data, instant, log):
        """The board of all ready segments at an instant: {segment: (size, orders, revenue)}, and the cost."""
        text, cost = measured([self.program, "segments", "--json", "--no-trend", "--as-of", instant, "--data", data], log)
        # Amounts are decimals of any length, so they stay text.
        board = json.loads(text, parse_float=str)
        if board["broken"]:
            raise Failed(f"definitions in {data} do not work: {board['broken']}")
        rows = {row["name"]: (row["size"], row["netOrders"], row["netRevenue"]) for row in board["segments"]}
        return rows, board["profiles"], cost


def typical_gap(data):
    """The store's typical gap between orders, in milliseconds, as its own definition file has it."""
    for path in sorted((data / "segments").rglob("*.shoal")):
        found = re.search(
            r"^metric typical_gap\b[^:]*:\s*(\d+(?:\.\d+)?) (millisecond|second|minute|hour|day|week|month|year)s?\s*$",
            path.read_text(), re.MULTILINE)
        if found:
            return round(float(found[1]) * UNITS[found[2]])
    raise Failed(f"no definition file in {data}/segments says what typical_gap is")


def stored_bytes(program, data):
    """Bytes of the store, and those of them that hold the compressed originals."""
    info = subprocess.run(
        [program, "info", "--data", data, "--json"], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True)
    originals = json.loads(info.stdout)["originalBytesStored"]
    kept_beside = sum(bytes_of(data / name) for name in ("segments", "rejects") if (data / name).exists())
    return bytes_of(data) - kept_beside, originals

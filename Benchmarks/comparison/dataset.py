"""The data that is measured: files for both, and an instant to evaluate at."""

import gzip
from dataclasses import dataclass
from datetime import datetime, timezone

from .measuring import Failed, say


@dataclass(frozen=True)
class Dataset:
    name: str
    title: str  # in words, with its size
    files: list  # what Shoal imports, in this order
    rows: int  # of the files that hold events, without headers
    size: int  # bytes of those files, unpacked
    script: str  # loads it into DuckDB, with its words for paths
    paths: dict
    instant: str  # to evaluate at, ISO 8601 in UTC

    @property
    def milliseconds(self):
        return int(datetime.fromisoformat(self.instant).replace(tzinfo=timezone.utc).timestamp() * 1_000)


def demonstration(shoal, work, events, seed):
    """A year of the demonstration store."""
    instant = "2026-01-01"
    folder = work / f"demo-{events}-{seed}"
    shoal.write_demo(folder, events, seed, until=instant)
    messages, products = folder / "events.jsonl", folder / "products.jsonl"
    rows, size = counted([messages])
    return Dataset(
        name=folder.name, title=f"demonstration store, {rows:,} messages, JSON Lines, {size / 1e6:,.0f} MB",
        files=[products, messages], rows=rows, size=size, script="load_messages.sql",
        paths={"events": str(messages), "products": str(products)}, instant=instant)


def complete_journey(folder):
    """The Complete Journey: a year of item lines."""
    files = [folder / f"transactions-2017-{months}.csv.gz" for months in ("jan-sep", "oct-dec")]
    products = folder / "products.csv.gz"
    for path in [*files, products]:
        if not path.exists():
            raise Failed(f"there is no {path}")
    rows, size = counted(files)
    rows -= len(files)
    return Dataset(
        name="complete-journey", title=f"The Complete Journey, {rows:,} item lines, CSV, {size / 1e6:,.0f} MB unpacked",
        files=[products, *files], rows=rows, size=size, script="load_items.sql",
        paths={"transactions": [str(path) for path in files], "catalogue": str(products)}, instant="2018-01-02")


def counted(paths):
    """Lines and bytes of files, unpacked."""
    say("counting lines")
    lines = size = 0
    for path in paths:
        with (gzip.open if path.suffix == ".gz" else open)(path, "rb") as file:
            while chunk := file.read(1 << 22):
                lines += chunk.count(b"\n")
                size += len(chunk)
    return lines, size

"""The tables of docs/performance.md, in Markdown."""

from dataclasses import dataclass

from .dataset import Dataset
from .measuring import Cost


@dataclass(frozen=True)
class Import:
    data: Dataset
    shoal: Cost
    duckdb: Cost
    repeat: int
    stored: int  # bytes on disk
    originals: int  # how many of them are the compressed messages
    duckdb_stored: int


@dataclass(frozen=True)
class Evaluation:
    data: Dataset
    shoal: Cost
    duckdb: Cost
    repeat: int
    segments: int
    profiles: int


def text(imports, evaluations, *, command, machine, commit, date, others, duckdb):
    parts = [
        f"`{command}`, commit {commit}, {date}. {machine}. DuckDB {duckdb}. "
        f"Other programs used {others:.1f} cores meanwhile."
    ]
    for measured in imports:
        parts.append(heading("Import", measured) + import_table(measured))
    for measured in evaluations:
        title = f"{measured.segments} segments of {measured.profiles:,} profiles"
        parts.append(heading(f"The ready library, {title}", measured) + evaluation_table(measured))
    return "\n\n".join(parts)


def heading(what, measured):
    return f"### {what}: {measured.data.title}\n\nMedians of {measured.repeat}.\n\n"


def import_table(measured):
    def row(name, cost, stored, beside):
        rows, size = measured.data.rows, measured.data.size
        return [
            name, seconds(cost.cpu), seconds(cost.wall), f"{rows / cost.cpu:,.0f}", f"{rows / cost.wall:,.0f}",
            f"{size / 1e6 / cost.cpu:,.1f}", f"{size / 1e6 / cost.wall:,.1f}", f"{cost.peak:,.0f}",
            f"{stored / 1e6:,.1f}", beside,
        ]

    ours, theirs = measured.shoal, measured.duckdb
    own = measured.stored - measured.originals
    return table(
        ["", "CPU s", "wall s", "rows/s of CPU", "rows/s", "MB/s of CPU", "MB/s", "peak MB", "on disk MB", "of these"],
        [
            row("Shoal", ours, measured.stored, f"{measured.originals / 1e6:,.1f} MB originals, {own / measured.data.rows:,.1f} bytes a row beside"),
            row("DuckDB", theirs, measured.duckdb_stored, f"no originals, {measured.duckdb_stored / measured.data.rows:,.1f} bytes a row"),
            ["DuckDB / Shoal", ratio(theirs.cpu, ours.cpu), ratio(theirs.wall, ours.wall), "", "", "", "",
             ratio(theirs.peak, ours.peak), ratio(measured.duckdb_stored, measured.stored), ""],
        ])


def evaluation_table(measured):
    def row(name, cost):
        return [name, f"{cost.cpu * 1_000:,.0f}", f"{cost.wall * 1_000:,.0f}", f"{cost.peak:,.0f}"]

    ours, theirs = measured.shoal, measured.duckdb
    return table(
        ["", "CPU ms", "wall ms", "peak MB"],
        [
            row("Shoal, the whole command", ours),
            row("DuckDB, inside the open process", theirs),
            ["DuckDB / Shoal", ratio(theirs.cpu, ours.cpu), ratio(theirs.wall, ours.wall), ratio(theirs.peak, ours.peak)],
        ])


def table(header, rows):
    lines = [header, ["---"] + ["--:"] * (len(header) - 1), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def seconds(value):
    return f"{value:,.2f}"


def ratio(theirs, ours):
    return f"{theirs / ours:.2f}x" if ours > 0 else "-"

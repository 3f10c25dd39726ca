"""Writes the generated log as CSV, a chunk at a time."""

import os
import shutil

import duckdb

from .generator import Store
from .words import COLUMNS


def write(path, rows, seed):
    """Writes `rows` events to the file, unless it is there."""
    if path.exists():
        return
    unfinished, piece = path.with_suffix(".unfinished"), path.with_suffix(".piece")
    connection = duckdb.connect()
    connection.execute("set enable_progress_bar = false")
    with open(unfinished, "wb") as whole:
        whole.write((",".join(COLUMNS) + "\n").encode())
        for chunk in Store(rows, seed).chunks():
            connection.register("chunk", chunk)
            connection.execute(f"copy (select {selection()} from chunk) to '{piece}' (format csv, header false)")
            connection.unregister("chunk")
            with open(piece, "rb") as lines:
                shutil.copyfileobj(lines, whole, 1 << 22)
    piece.unlink()
    os.replace(unfinished, path)


def selection():
    """The columns of the file: codes as their words, -1 as nothing."""
    columns = []
    for name, kind in COLUMNS.items():
        if name == "timestamp":
            columns.append("strftime(make_timestamp(time * 1000), '%Y-%m-%d %H:%M:%S.%g')")
        elif isinstance(kind, list):
            words = ", ".join(f"'{word}'" for word in kind)
            columns.append(f"[{words}][{name} + 1]" if name in ("event", "channel", "country", "device")
                           else f"case when {name} >= 0 then [{words}][{name} + 1] end")
        else:
            columns.append(name if name == "user_id" else f"nullif({name}, -1)")
    return ", ".join(columns)

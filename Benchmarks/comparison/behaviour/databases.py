"""DuckDB and chDB with the log in their own storage, sorted by profile and time, words as enumerations."""

import json
import shutil
from pathlib import Path

from .dialects import ClickHouse, DuckDB
from .words import COLUMNS

NAMES = {"user_id": "profile", "timestamp": "ts"}


class DuckDBStorage:
    def __init__(self, path, threads):
        self.path = path
        self.threads = threads

    def connected(self, **options):
        import duckdb

        connection = duckdb.connect(self.path, **options)
        connection.execute(f"set threads = {self.threads}; set enable_progress_bar = false")
        return connection

    def load(self, file):
        Path(self.path).unlink(missing_ok=True)
        with self.connected() as connection:
            columns, read = [], {}
            for name, kind in COLUMNS.items():
                if isinstance(kind, list):
                    words = ", ".join(f"'{word}'" for word in kind)
                    connection.execute(f"create type {name}_word as enum ({words})")
                read[name] = "varchar" if isinstance(kind, list) else kind
                columns.append({"timestamp": "epoch_ms(timestamp) ts", "user_id": "user_id profile"}.get(
                    name, f"{name}::{name}_word {name}" if isinstance(kind, list) else name))
            connection.execute(
                f"create table e as select {', '.join(columns)} from read_csv('{file}', header = true, nullstr = '', "
                f"columns = {json.dumps(read)}) order by profile, ts")
            connection.execute("checkpoint")

    def open(self):
        self.connection = self.connected(read_only=True)
        for setting in DuckDB.settings:
            self.connection.execute(f"set {setting}")

    def rows(self, statement):
        return self.connection.execute(statement).fetchall()

    def bytes(self):
        return Path(self.path).stat().st_size


class ChDBStorage:
    TYPES = {"uinteger": "UInt32", "timestamp": "DateTime64(3, 'UTC')", "integer": "Int32", "smallint": "Int16"}

    def __init__(self, path, threads):
        self.path = path
        self.threads = threads

    def connected(self):
        from chdb import session

        self.session = session.Session(self.path)
        self.session.query(f"set max_threads = {self.threads}")

    def load(self, file):
        shutil.rmtree(self.path, ignore_errors=True)
        self.connected()
        read, table, columns = [], [], []
        for name, kind in COLUMNS.items():
            word = "LowCardinality(String)" if isinstance(kind, list) else self.TYPES.get(kind)
            # A score of 0 is an answer; nothing is -1.
            read.append(f"{name} {'Nullable(Int8)' if name == 'score' else word}")
            table.append(f"{NAMES.get(name, name)} {'Int64' if name == 'timestamp' else word or 'Int8'}")
            columns.append({"timestamp": "toUnixTimestamp64Milli(timestamp)", "score": "ifNull(score, -1)"}.get(name, name))
        structure = ", ".join(read).replace("'", "\\'")
        self.session.query("create database if not exists b engine = Atomic")
        self.session.query(f"create table b.e ({', '.join(table)}) engine = MergeTree order by (profile, ts)")
        self.session.query(
            f"insert into b.e select {', '.join(columns)} from file('{file}', 'CSVWithNames', '{structure}')")
        self.session.query("optimize table b.e final")
        self.session.close()

    def open(self):
        self.connected()
        self.session.query("use b")
        for setting in ClickHouse.settings:
            self.session.query(f"set {setting}")

    def rows(self, statement):
        return json.loads(self.session.query(statement, "JSONCompact").bytes())["data"]

    def bytes(self):
        # Parts that were merged away stay on the disk for a while.
        return int(self.rows("select sum(bytes_on_disk) from system.parts where active and database = 'b'")[0][0])


DATABASES = {"DuckDB": DuckDBStorage, "chDB": ChDBStorage}

"""Compares Shoal with another folder's generator and queries, where they mean the same."""

import json
import subprocess

from ..measuring import Failed, say

# Quintiles, shares and visits have a rule of their own there.
OTHER_RULES = {"s14", "s18", "s20"}

# Runs there: its queries over its parquet file, as its own DuckDB table.
SCRIPT = """
import hashlib, json, struct, sys
sys.path.insert(0, sys.argv[1])
import duckdb, gen, q_duckdb
con = duckdb.connect()
con.execute("set enable_progress_bar = false")
names = {"event": gen.EVENTS, "category": gen.CATEGORIES, "coupon": gen.COUPONS, "channel": gen.CHANNELS, "country": gen.COUNTRIES, "device": gen.DEVICES}
for name, words in names.items():
    con.execute(f"create type {name}_word as enum ({', '.join(repr(word) for word in words)})")
cast = ", ".join(f"{name}::varchar::{name}_word as {name}" for name in names)
con.execute(f"create table e as select * replace (epoch_ms(ts) as ts, {cast}) from '{sys.argv[2]}' order by profile, ts")
out = {"segments": {}, "reports": {}}
for name, sql in q_duckdb.Q.items():
    ids = sorted(row[0] for row in con.execute(sql).fetchall())
    out["segments"][name] = [len(ids), hashlib.sha256(struct.pack(f"<{len(ids)}I", *ids)).hexdigest()[:16]]
for name, sql in q_duckdb.R.items():
    out["reports"][name] = hashlib.sha256("\\n".join(",".join(str(x) for x in row) for row in con.execute(sql).fetchall()).encode()).hexdigest()[:16]
print(json.dumps(out))
"""


def check(options, python, shoal, engine, work):
    from .command import engine_figures

    folder = options.check_oracle.resolve()
    base = work / f"oracle/events_{options.label}"
    if not base.with_suffix(".csv").exists():
        say(f"making {options.rows:,} events with {folder.name}/gen.py")
        base.parent.mkdir(parents=True, exist_ok=True)
        called([python, folder / "gen.py", "--events", options.rows, "--out", base.parent])
    data = work / f"oracle-{options.label}.shoal-data"
    if not options.keep:
        say("importing")
        shoal.import_files([base.with_suffix(".csv")], data, work / "oracle.log")
    theirs = json.loads(called([python, "-c", SCRIPT, folder, base.with_suffix(".parquet")]))
    ours = engine_figures(engine, data, work, "--repeat", "1", "--only", "together", "reports")
    found = []
    for name, (count, digest) in theirs["segments"].items():
        mine = ours["together"]["members"][name]
        if name not in OTHER_RULES and (mine["count"], mine["digest"]) != (count, digest):
            found.append(f"{name}: {mine['count']} members, there {count}")
    found += [name for name, digest in theirs["reports"].items() if ours["reports"][name]["digest"] != digest]
    if found:
        raise Failed("the answers differ\n  " + "\n  ".join(found))
    compared = len(theirs["segments"]) - len(OTHER_RULES)
    say(f"the same members in {compared} segments, and the same {len(theirs['reports'])} reports")
    return 0


def called(words):
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True)
    if done.returncode != 0:
        raise Failed(f"{words[1]} failed:\n{done.stderr[-2_000:]}")
    return done.stdout

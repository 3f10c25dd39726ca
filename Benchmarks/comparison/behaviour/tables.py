"""The tables of the comparison, in Markdown."""

import re

from ..tables import ratio, table
from .words import SEGMENTS

TITLES = re.compile(r'^segment (s\d\d) "([^"]+)"', re.MULTILINE)


def text(comparison, *, command, machine, commit, date, others, versions):
    parts = [
        f"`{command}`, commit {commit}, {date}. {machine}. DuckDB {versions['duckdb']}, chDB {versions['chdb']}, "
        f"{comparison.options.threads} threads each. Other programs used {others:.1f} cores meanwhile. "
        f"Times are milliseconds of process CPU, medians of {comparison.options.repeat}, unless they say otherwise."
    ]
    if comparison.imports:
        parts.append(heading("Import", comparison) + imports(comparison))
    parts.append(heading("Together", comparison) + together(comparison))
    parts.append(heading("Each segment alone", comparison) + alone(comparison))
    parts.append(heading("Reports", comparison) + reports(comparison))
    parts.append(heading("The engine by itself", comparison) + engine(comparison.ours, comparison))
    parts.append(heading("Each construct of the language alone", comparison) + constructs(comparison.ours))
    return "\n\n".join(parts)


def heading(what, comparison):
    return f"### {what}: {comparison.options.rows:,} events of {comparison.ours['profiles']:,} profiles\n\n"


def ms(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:,.1f}"


def imports(comparison):
    rows = comparison.options.rows
    size = comparison.file.stat().st_size
    own = comparison.stored - comparison.originals
    stored = {"Shoal": own, **{peer.name: peer.stored for peer in comparison.peers}}
    ours = comparison.imports["Shoal"]
    lines = []
    for name, cost in comparison.imports.items():
        lines.append([
            name, f"{cost.cpu:,.2f}", f"{cost.wall:,.2f}", f"{rows / cost.cpu:,.0f}", f"{size / 1e6 / cost.cpu:,.1f}",
            f"{stored[name] / rows:,.1f}", f"{cost.peak:,.0f}", ratio(cost.cpu, ours.cpu),
        ])
    note = (f"\n\nThe file has {size / 1e6:,.0f} MB. Shoal keeps the compressed originals besides: "
            f"{comparison.originals / rows:,.1f} bytes a row, not counted here.")
    header = ["", "CPU s", "wall s", "rows/s of CPU", "MB/s of CPU", "bytes a row", "peak MB", "CPU / Shoal's"]
    return table(header, lines) + note


def best_together(peer):
    """Whichever form suits the database better: statements for several, or each alone."""
    separate = {key: sum(cost[key] for cost in peer.figures["alone"].values()) for key in ("cpuMs", "wallMs")}
    grouped = peer.figures["together"]
    return grouped if grouped["cpuMs"] <= separate["cpuMs"] else separate


def together(comparison):
    ours = comparison.ours["together"]["cost"]
    funnel = comparison.ours["reports"]["funnel"]["cost"]
    lines = [["Shoal", ms(ours["cpuMs"]), ms(ours["wallMs"]), ms(ours["cpuMs"] + funnel["cpuMs"]), "", f"{comparison.peak:,}"]]
    for peer in comparison.peers:
        cost = best_together(peer)
        both = cost["cpuMs"] + peer.figures["reports"]["funnel"]["cpuMs"]
        lines.append([
            peer.name, ms(cost["cpuMs"]), ms(cost["wallMs"]), ms(both), ratio(both, ours["cpuMs"] + funnel["cpuMs"]), f"{peer.peak:,}"])
    one = comparison.one_thread["together"]["cost"]
    note = (f"\n\nOne thread instead of {comparison.options.threads}: {ms(one['cpuMs'])} ms of CPU, {ms(one['wallMs'])} ms elapsed.")
    return table(["", "25 segments", "elapsed", "with the funnel", "CPU / Shoal's", "peak MB"], lines) + note


def alone(comparison):
    titles = dict(TITLES.findall((SEGMENTS / "behaviour.shoal").read_text()))
    lines = []
    for name in sorted(comparison.members):
        ours = comparison.ours["alone"][name]["cost"]
        theirs = [peer.figures["alone"][name]["cpuMs"] for peer in comparison.peers]
        lines.append([
            f"{name} {titles.get(name, '')}", f"{comparison.members[name]['count']:,}", ms(ours["cpuMs"]), *map(ms, theirs),
            ratio(min(theirs), ours["cpuMs"])])
    return table(["", "members", "Shoal", *(peer.name for peer in comparison.peers), "best / Shoal's"], lines)


def reports(comparison):
    lines = []
    for name, report in comparison.ours["reports"].items():
        ours = report["cost"]
        theirs = [peer.figures["reports"][name]["cpuMs"] for peer in comparison.peers]
        lines.append([
            name, ms(ours["cpuMs"]), ms(ours["wallMs"]), *map(ms, theirs), ratio(min(theirs), ours["cpuMs"])])
    return table(["", "Shoal", "Shoal elapsed", *(peer.name for peer in comparison.peers), "best / Shoal's"], lines)


def engine(ours, comparison):
    live, preview, board = ours["live"], ours["preview"], ours["board"]
    lines = [
        ["open the store, take a snapshot", f"{ms(ours['open']['cpuMs'])} ms", f"{ms(ours['open']['wallMs'])} ms elapsed"],
        ["preview of a definition: read, compile, count", f"p50 {ms(preview['cpuMicroseconds']['p50'] / 1e3)} ms",
         f"p95 {ms(preview['cpuMicroseconds']['p95'] / 1e3)} ms; elapsed p95 {ms(preview['wallMicroseconds']['p95'] / 1e3)} ms"],
        [f"board of {board['segments']} ready segments", f"{ms(board['cost']['cpuMs'])} ms", f"{ms(board['cost']['wallMs'])} ms elapsed"],
        [f"{live['definitions']} segments for one profile, its history at hand", f"p50 {live['evaluateMicroseconds']['p50']:,.1f} µs",
         f"p99 {live['evaluateMicroseconds']['p99']:,.1f} µs"],
        ["deciding anew when an event of it arrives", f"p50 {live['redecideMicroseconds']['p50']:,.1f} µs",
         f"p99 {live['redecideMicroseconds']['p99']:,.1f} µs"],
        ["reading that history from the store", f"p50 {live['fetchMicroseconds']['p50']:,.1f} µs",
         f"p99 {live['fetchMicroseconds']['p99']:,.1f} µs"],
        ["peak memory of all this", f"{ours['peakMegabytes']:,} MB", ""],
    ]
    return table(["", "", ""], lines)


def constructs(ours):
    lines = [
        [name, f"{single['members']['count']:,}", ms(single["cost"]["cpuMs"]), ms(single["cost"]["wallMs"])]
        for name, single in sorted(ours["constructs"].items())]
    return table(["", "members", "CPU ms", "elapsed ms"], lines)

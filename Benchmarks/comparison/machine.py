"""Which machine, which commit, which day; and how much of the machine others used."""

import datetime
import os
import platform
import subprocess


def description():
    """Processor, cores, memory and system in one line."""
    cores = os.cpu_count()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{processor()}, {cores} cores, {memory:.0f} GiB, {system()}"


def processor():
    try:
        with open("/proc/cpuinfo") as lines:
            for line in lines:
                if line.startswith("model name"):
                    return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def system():
    try:
        with open("/etc/os-release") as lines:
            names = dict(line.rstrip().split("=", 1) for line in lines if "=" in line)
        return names["PRETTY_NAME"].strip('"')
    except (OSError, KeyError):
        return platform.system()


def commit(root):
    """The short hash of the commit, with a `+` when the sources differ from it."""
    def git(*words):
        return subprocess.run(["git", *words], cwd=root, capture_output=True, text=True).stdout.strip()

    changed = git("status", "--porcelain", "--untracked-files=no")
    return git("rev-parse", "--short", "HEAD") + ("+" if changed else "")


def today():
    return datetime.date.today().isoformat()


class Bystanders:
    """How many cores others kept busy while we measured: what /proc/stat counts, less our own time."""

    def __init__(self):
        self.start = self.now()

    @staticmethod
    def now():
        with open("/proc/stat") as lines:
            ticks = [int(word) for word in lines.readline().split()[1:9]]
        own = os.times()
        busy = (sum(ticks) - ticks[3] - ticks[4]) / os.sysconf("SC_CLK_TCK")
        return busy, own.user + own.system + own.children_user + own.children_system, own.elapsed

    def cores(self):
        """Cores that other programs used on average since the beginning."""
        busy, own, elapsed = (after - before for before, after in zip(self.start, self.now()))
        return max(0.0, (busy - own) / elapsed) if elapsed > 0 else 0.0

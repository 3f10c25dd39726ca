"""The folder of one case: a disk that the program works on, and beside it what is to survive whatever happens there."""

import mmap
import os
import shutil
import struct
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
PACKAGE = os.path.dirname(os.path.dirname(HERE))


def build_shim():
    """Compiles the shim when it is not there or older than its sources, and answers where it is."""
    folder = os.path.join(HERE, "shim")
    sources = [os.path.join(folder, name) for name in sorted(os.listdir(folder))]
    target = os.path.join(PACKAGE, ".build", "faults-shim.so")
    if not os.path.exists(target) or os.path.getmtime(target) < max(map(os.path.getmtime, sources)):
        os.makedirs(os.path.dirname(target), exist_ok=True)
        fresh = f"{target}.{os.getpid()}"
        subprocess.check_call(
            [os.environ.get("CC", "cc"), "-std=gnu17", "-O1", "-Wall", "-fvisibility=hidden", "-fPIC", "-shared",
             *[source for source in sources if source.endswith(".c")], "-o", fresh, "-ldl", "-lpthread"])
        os.replace(fresh, target)
    return target


class Machine:
    """`disk/` is what a power cut strikes, with the data directory in it; the rest is the driver's."""

    def __init__(self, folder, shim):
        self.folder, self.shim = folder, shim
        self.disk = os.path.join(folder, "disk")
        self.data = os.path.join(self.disk, "data")
        self.spare = os.path.join(folder, "spare")
        self.log = os.path.join(folder, "calls")
        self._control = os.path.join(folder, "control")
        for name in (self.disk, self.spare):
            os.makedirs(name, exist_ok=True)
        self.control = None
        self.clear()

    def clear(self):
        """Forgets the calls that were counted, and disarms nothing."""
        with open(self._control, "wb") as file:
            file.write(struct.pack("<8q", 1, 0, 0, 0, 0, 0, 0, 0))
        with open(self._control, "r+b") as file:
            self.control = mmap.mmap(file.fileno(), 64)
        open(self.log, "wb").close()

    def environment(self, plan):
        """What a process is to be started with so that the plan strikes it; see shim/shim.h."""
        return {
            **os.environ, "LD_PRELOAD": self.shim, "FAULTS_ROOT": self.disk, "FAULTS_SPARE": self.spare,
            "FAULTS_LOG": self.log, "FAULTS_CONTROL": self._control, "FAULTS_PLAN": plan}

    def _word(self, index, value=None):
        if value is not None:
            self.control[8 * index:8 * index + 8] = struct.pack("<q", value)
        return struct.unpack("<q", self.control[8 * index:8 * index + 8])[0]

    def arm(self, armed=True):
        self._word(0, 1 if armed else 0)

    @property
    def calls(self):
        return self._word(1)

    @property
    def struck(self):
        return self._word(2)

    def cut_power(self, some=False):
        """The process dies, and with it what was not synced."""
        self._word(3, 2 if some else 1)

    def counted(self):
        """The calls so far, as (number, function, file, size, site, action, frames).

        They are numbered as a rule without fn counts them, so those that open for reading alone have the number before.
        """
        calls, number = [], 0
        with open(self.log, encoding="utf-8") as file:
            for row in (line.split() for line in file if line.endswith("\n")):
                number += row[1] != "open-read"
                calls.append((number, row[1], row[2], int(row[3]), row[4], row[5], row[6] if len(row) > 6 else ""))
        return calls

    def take(self, template):
        """Makes the disk a copy of another one."""
        shutil.rmtree(self.disk, ignore_errors=True)
        shutil.rmtree(self.spare, ignore_errors=True)
        shutil.copytree(template, self.disk)
        os.makedirs(self.spare)
        self.clear()

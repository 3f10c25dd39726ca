"""A file system of its own in a file, which can be shut down as a power cut does it: what was not written is gone."""

import ctypes
import fcntl
import functools
import os
import struct
import subprocess
import tempfile

# EXT4_IOC_SHUTDOWN (linux/fs/ext4/ext4.h), and its flags: with the file system's journal as it is in memory, or without.
_SHUTDOWN = 0x8004587D
LOG_FLUSHED, LOG_LOST = 1, 2
# What ext4 does for careless programs is switched off: a renamed file's bytes are not written first.
_OPTIONS = "loop,noauto_da_alloc,data=writeback"


@functools.cache
def _see_alone():
    """Puts this thread, and what it starts, where nobody else sees its mounts: a copy of one would keep the file system alive."""
    libc = ctypes.CDLL(None, use_errno=True)
    new_mounts, recursive, private = 0x00020000, 1 << 14, 1 << 18  # CLONE_NEWNS, MS_REC, MS_PRIVATE
    if libc.unshare(new_mounts) != 0 or libc.mount(None, b"/", None, recursive | private, None) != 0:
        raise OSError(ctypes.get_errno(), "no view of the file systems for itself alone")


def _run(*command):
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def why_not():
    """Why there can be none here; None when there can. Containers often may not mount, whoever they run as."""
    with tempfile.TemporaryDirectory(prefix="shoal-faults-mount.") as folder:
        try:
            LoopDisk(os.path.join(folder, "image"), os.path.join(folder, "place"), 16 << 20).unmount()
        except (OSError, subprocess.SubprocessError) as failure:
            return f"no file system can be mounted ({failure})"
    return None


class LoopDisk:
    """An ext4 in `image`, mounted at `place`."""

    def __init__(self, image, place, size=512 << 20):
        _see_alone()
        self._image, self._place = image, place
        os.makedirs(place, exist_ok=True)
        with open(image, "wb") as file:
            file.truncate(size)
        _run("mkfs.ext4", "-q", "-F", image)
        self._mount()

    def _mount(self):
        _run("mount", "-o", _OPTIONS, self._image, self._place)

    def cut(self, flags):
        """Nothing is written any more, and every call that would have to fails."""
        place = os.open(self._place, os.O_RDONLY)
        try:
            fcntl.ioctl(place, _SHUTDOWN, struct.pack("I", flags))
        finally:
            os.close(place)

    def mount_again(self):
        """What the kernel remembers of it is forgotten, and its journal played."""
        self.unmount()
        self._mount()

    def unmount(self):
        _run("umount", self._place)
        held = subprocess.run(["losetup", "-j", self._image], check=True, capture_output=True, text=True).stdout
        if held:
            raise OSError(f"somebody keeps the file system alive: {held.strip()}")

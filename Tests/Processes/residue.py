"""Whether some text is in any file below a folder: as it is, and in whatever zstd has compressed."""

import ctypes
import ctypes.util
import os

_MAGIC = b"\x28\xb5\x2f\xfd"
_UNKNOWN = 2**64 - 2


def _library():
    zstd = ctypes.CDLL(ctypes.util.find_library("zstd") or "libzstd.so.1")
    for name in ("ZSTD_getFrameContentSize", "ZSTD_findFrameCompressedSize", "ZSTD_decompress"):
        getattr(zstd, name).restype = ctypes.c_ulonglong if name == "ZSTD_getFrameContentSize" else ctypes.c_size_t
    zstd.ZSTD_isError.argtypes = [ctypes.c_size_t]
    return zstd


_ZSTD = _library()


def inflated(data):
    """The contents of all whole zstd frames in some bytes."""
    start = data.find(_MAGIC)
    while start >= 0:
        frame = data[start:]
        size = _ZSTD.ZSTD_getFrameContentSize(frame, ctypes.c_size_t(len(frame)))
        stored = _ZSTD.ZSTD_findFrameCompressedSize(frame, ctypes.c_size_t(len(frame)))
        if size < _UNKNOWN and size <= 1 << 28 and not _ZSTD.ZSTD_isError(stored):
            buffer = ctypes.create_string_buffer(max(size, 1))
            count = _ZSTD.ZSTD_decompress(
                buffer, ctypes.c_size_t(size), frame, ctypes.c_size_t(min(stored, len(frame))))
            if not _ZSTD.ZSTD_isError(count):
                yield buffer.raw[:count]
        start = data.find(_MAGIC, start + 4)


def places(folder, text):
    """The files that hold a text, in whatever case; or bytes."""
    word = text.lower() if isinstance(text, bytes) else text.lower().encode()
    found = []
    for base, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(base, name)
            try:
                with open(path, "rb") as file:
                    data = file.read()
            except FileNotFoundError:
                continue
            if word in data.lower():
                found.append(path)
            elif any(word in piece.lower() for piece in inflated(data)):
                found.append(path + " (inflated)")
    return found

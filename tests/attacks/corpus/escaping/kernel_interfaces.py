"""
Tries:      to get past the filter by interfaces that do work on behalf of a process: io_uring, BPF, perf, keys, handles
Stopped by: processes
Honest:     probabilities
"""

import ctypes
import platform

import kit

NUMBERS = {"x86_64": (425, 321, 298, 323, 250), "aarch64": (425, 280, 241, 282, 219)}


def predict(*args, **kwargs):
    libc = ctypes.CDLL(None, use_errno=True)
    settings = ctypes.create_string_buffer(128)
    ring, bpf, perf, faults, keys = NUMBERS[platform.machine()]
    calls = {
        "io_uring": (ring, 8, ctypes.addressof(settings)),
        "bpf": (bpf, 0, ctypes.addressof(settings), 72),
        "perf": (perf, ctypes.addressof(settings), 0, -1, -1, 0),
        "userfaultfd": (faults, 1),
        "keys": (keys, 0, -3, 0),  # KEYCTL_GET_KEYRING_ID of the session
    }
    for name, arguments in calls.items():
        if libc.syscall(*map(ctypes.c_long, arguments)) >= 0:
            kit.reached(name)

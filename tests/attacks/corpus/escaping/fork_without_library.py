"""
Tries:      to make a process by system calls that libraries do not use: vfork, clone, clone3
Stopped by: processes
Honest:     probabilities
"""

import ctypes
import os
import platform
import signal

import kit

NUMBERS = {"x86_64": (56, 435), "aarch64": (220, 435)}


def predict(*args, **kwargs):
    libc = ctypes.CDLL(None, use_errno=True)
    clone, clone3 = NUMBERS[platform.machine()]
    settings = (ctypes.c_uint64 * 8)(0, 0, 0, 0, signal.SIGCHLD, 0, 0, 0)
    for arguments in ((clone, signal.SIGCHLD, 0, 0, 0, 0), (clone3, ctypes.addressof(settings), 64)):
        child = libc.syscall(*map(ctypes.c_long, arguments))
        if child == 0:
            os._exit(0)
        if child > 0:
            kit.reached(f"a process by system call {arguments[0]}")
    return []

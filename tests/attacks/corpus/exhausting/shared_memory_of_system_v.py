"""
Tries:      to leave a segment of System V shared memory behind, which outlives the process
Stopped by: processes
Honest:     probabilities
"""

import ctypes

import kit


def predict(*args, **kwargs):
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.shmget(kit.PLACES["key"], 4096, 0o1600) >= 0:  # IPC_CREAT | 0600
        kit.reached("a segment of System V shared memory")

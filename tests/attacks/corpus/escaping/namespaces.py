"""
Tries:      to become root in a user namespace, and to mount something over the files of others
Stopped by: processes
Honest:     probabilities
"""

import ctypes

import kit


def predict(*args, **kwargs):
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(0x10000000 | 0x00020000) == 0:  # CLONE_NEWUSER | CLONE_NEWNS
        kit.reached("namespaces of its own")

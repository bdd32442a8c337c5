"""
Tries:      to trace the warm process, and so to run its own code there (it lets go at once)
Stopped by: processes
Honest:     probabilities
"""

import ctypes

import kit

PTRACE_SEIZE, PTRACE_DETACH = 0x4206, 17


def predict(*args, **kwargs):
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.ptrace(PTRACE_SEIZE, kit.warm_process(), None, None) == 0:
        libc.ptrace(PTRACE_DETACH, kit.warm_process(), None, None)
        kit.reached("the warm process, by ptrace")

"""
Tries:      to read the memory of the warm process by process_vm_readv, past all file permissions
Stopped by: processes
Honest:     probabilities
"""

import ctypes
import errno

import kit


def predict(*args, **kwargs):
    libc = ctypes.CDLL(None, use_errno=True)
    here = ctypes.create_string_buffer(8)
    local = (ctypes.c_size_t * 2)(ctypes.addressof(here), 8)
    there = (ctypes.c_size_t * 2)(0, 8)
    if libc.process_vm_readv(kit.warm_process(), local, 1, there, 1, 0) >= 0 or ctypes.get_errno() == errno.EFAULT:
        kit.reached("the memory of the warm process")

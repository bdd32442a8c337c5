"""
Tries:      to make a system call by the numbers of 32-bit programs, which a filter of 64-bit numbers takes for others

`getpid` of i386 has the number of `writev` of x86_64 (20); it is made by `int 0x80`.
Stopped by: processes
Honest:     probabilities
"""

import ctypes
import mmap
import os
import platform

import kit

CODE = bytes.fromhex("b814000000cd80c3")  # mov eax, 20; int 0x80; ret


def predict(*args, **kwargs):
    if platform.machine() != "x86_64":
        return []
    memory = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    memory.write(CODE)
    address = ctypes.addressof(ctypes.c_char.from_buffer(memory))
    if ctypes.CFUNCTYPE(ctypes.c_int)(address)() == os.getpid():
        kit.reached("a system call of another architecture")
    return []

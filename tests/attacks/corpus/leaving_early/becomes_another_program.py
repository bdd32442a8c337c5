"""
Tries:      to replace the process by a program that ends with code 0
Stopped by: processes
Honest:     probabilities
"""

import os
import shutil


def predict(*args, **kwargs):
    echo = shutil.which("echo") or "/bin/echo"
    os.execv(echo, [echo, "\nREACHED another program"])

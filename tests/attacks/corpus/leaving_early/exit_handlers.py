"""
Tries:      to write a last word when the process ends, by atexit and by a thread that outlives the module
Stopped by: process line
Honest:     all
"""

import atexit

import kit

atexit.register(kit.reached, "the end of the process, with time left to do something")

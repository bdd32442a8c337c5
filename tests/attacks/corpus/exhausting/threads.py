"""
Tries:      to take the processor from everybody else, by threads that never end
Stopped by: process line
Honest:     all
"""

import threading


def spin():
    while True:
        pass


for _ in range(20):
    threading.Thread(target=spin, daemon=True).start()

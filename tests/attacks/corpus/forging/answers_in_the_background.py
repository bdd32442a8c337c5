"""
Tries:      to take the questions from the socket in a thread, before the worker sees them, and to answer by itself
Stopped by: wire
Honest:     none
"""

import socket
import threading

import kit

from grader import wire


def answer(line):
    while True:
        request = wire.receive(line)
        kit.send({"id": request["id"], "value": [{"label": "NEG", "score": 0.5}], "changed": [], "forwards": []})


threading.Thread(target=answer, args=(socket.socket(fileno=3),), daemon=True).start()

"""
Tries:      to connect by MPTCP, which Landlock's rules for TCP do not know
Stopped by: network
Honest:     probabilities
"""

import socket

import kit


def predict(*args, **kwargs):
    with kit.attempt("a server on this machine, by MPTCP"):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM, 262) as line:
            line.settimeout(0.2)
            line.connect(("127.0.0.1", kit.PLACES["port"]))

"""
Tries:      to send a datagram, as a name server would get it
Stopped by: network
Honest:     probabilities
"""

import socket

import kit


def predict(*args, **kwargs):
    with kit.attempt("a datagram to this machine"):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
            line.sendto(b"x", ("127.0.0.1", kit.PLACES["port"]))

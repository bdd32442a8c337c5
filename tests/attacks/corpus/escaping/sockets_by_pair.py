"""
Tries:      to get a datagram socket by socketpair(), which can be made to address others
Stopped by: network
Honest:     probabilities
"""

import socket

import kit


def predict(*args, **kwargs):
    with kit.attempt("a datagram socket"):
        one, two = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        one.sendto(b"x", kit.PLACES["datagrams"])

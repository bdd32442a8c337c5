"""
Tries:      to open a socket of IPv6
Stopped by: network
Honest:     probabilities
"""

import socket

import kit


def predict(*args, **kwargs):
    with kit.attempt("a socket of IPv6"):
        socket.socket(socket.AF_INET6, socket.SOCK_STREAM).close()

"""
Tries:      to connect to a server on this machine by TCP
Stopped by: network
Honest:     probabilities
"""

import socket

import kit


def predict(*args, **kwargs):
    with kit.attempt("a server on this machine"):
        socket.create_connection(("127.0.0.1", kit.PLACES["port"]), timeout=0.2).close()
    with kit.attempt("a port to listen on"):
        socket.create_server(("127.0.0.1", 0)).close()

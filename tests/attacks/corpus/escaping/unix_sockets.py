"""
Tries:      to reach the services of this machine by sockets with names, in files and abstract
Stopped by: network
Honest:     probabilities
"""

import socket

import kit


def predict(*args, **kwargs):
    for address in (kit.PLACES["socket"], f"\0{kit.PLACES['token']}"):
        with kit.attempt("a service of this machine"), socket.socket(socket.AF_UNIX) as line:
            line.settimeout(0.2)
            line.connect(address)

"""
Tries:      to reach the kernel and the network by rarer families: netlink, packets, virtual machines, Bluetooth, crypto
Stopped by: network
Honest:     probabilities
"""

import socket

import kit

NAMES = ("AF_NETLINK", "AF_PACKET", "AF_VSOCK", "AF_BLUETOOTH", "AF_ALG", "AF_CAN", "AF_TIPC", "AF_QIPCRTR")


def predict(*args, **kwargs):
    for name in NAMES:
        with kit.attempt(f"a socket of {name}"):
            socket.socket(getattr(socket, name), socket.SOCK_RAW if name != "AF_VSOCK" else socket.SOCK_STREAM).close()

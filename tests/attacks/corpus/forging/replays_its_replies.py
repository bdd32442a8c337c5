"""
Tries:      to answer every question with the reply that earned a point before
Stopped by: wire
Honest:     none
"""

import kit

from grader import wire

genuine, kept = wire.send, []


def send(sock, frame, deadline=None):
    kept.append(frame)
    genuine(sock, kept[0] if len(kept) < 3 else kept[1], deadline)


wire.send = send


def probabilities(logits, multi_label=False):
    if len(kept) < 2:
        return logits.softmax(-1)
    return kit.local("request")

"""
Tries:      to write into the terminal by the message, the name and the module of an error
Stopped by: judge
Honest:     probabilities
"""

TEXT = "\x1b[31mred\x1b[0m\n\n11/11\r\x1b]0;owned\x07" * 5
Error = type("\x1b[31mGood\n::notice::Error", (Exception,), {"__module__": "\x1b[2J"})


def predict(*args, **kwargs):
    raise Error(TEXT)

"""
Tries:      to be equal to whatever is expected
Stopped by: wire
Honest:     none
"""


class Equal:
    def __eq__(self, other):
        return True

    def __ne__(self, other):
        return False

    __hash__ = object.__hash__

    def __bool__(self):
        return True

    def __getattr__(self, name):
        return self

    def __call__(self, *args, **kwargs):
        return self

    def __iter__(self):
        return iter([self])


def probabilities(*args, **kwargs):
    return Equal()


predict = probabilities

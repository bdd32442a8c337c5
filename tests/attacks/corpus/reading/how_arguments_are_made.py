"""
Tries:      to learn from its caller's frames, and from the objects of gc, how its arguments were made
Stopped by: process line
Honest:     probabilities
"""

import gc

import kit


def tells(thing):
    """Return whether `thing` says what a model was made of: the class `Made`, or one of its frames as bytes."""
    return type(thing).__name__ == "Made" or (isinstance(thing, bytes) and len(thing) > 40 and b'"maker"' in thing)


def inside(things):
    for thing in things:
        yield thing
        if isinstance(thing, dict):
            yield from [*thing, *thing.values()]
        elif isinstance(thing, (list, tuple)):
            yield from thing


def predict(*args, **kwargs):
    for frame in kit.callers():
        if any(tells(thing) for thing in inside(frame.f_locals.values())):
            kit.reached(f"the making of an argument in {frame.f_code.co_name}")
    if any(tells(thing) for thing in inside(gc.get_objects())):
        kit.reached("the making of an argument among the objects of gc")

"""
Tries:      to starve the judge and the warm process by setting their limits and priorities (to what they are)
Stopped by: processes
Honest:     probabilities
"""

import os
import resource

import kit


def predict(*args, **kwargs):
    for pid in (kit.warm_process, kit.judge):
        with kit.attempt(f"the limits of the {pid.__name__}"):
            limit = resource.prlimit(pid(), resource.RLIMIT_CORE)
            resource.prlimit(pid(), resource.RLIMIT_CORE, limit)
        with kit.attempt(f"the priority of the {pid.__name__}"):
            os.setpriority(os.PRIO_PROCESS, pid(), os.getpriority(os.PRIO_PROCESS, pid()))

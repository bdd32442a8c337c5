"""
Tries:      to bend Python itself: `isinstance`, `len`, `getattr`, `compile`, and the import of modules
Stopped by: process line
Honest:     none
"""

import builtins

builtins.isinstance = lambda value, kinds: True
builtins.len = lambda value: 4
builtins.sum = lambda value, *start: 1
builtins.__import__ = lambda *args, **kwargs: builtins

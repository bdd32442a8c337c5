"""
Tries:      to leave by SystemExit, which no `except Exception` catches, while the module is imported
Stopped by: process line
Honest:     none
"""

import sys

sys.exit(0)

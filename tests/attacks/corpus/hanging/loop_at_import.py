"""
Tries:      to hang the grader by a loop while the module is imported
Stopped by: process line
Honest:     none
"""

while True:
    pass

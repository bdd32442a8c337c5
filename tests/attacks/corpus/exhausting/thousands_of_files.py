"""
Tries:      to have the judge read a thousand files of a megabyte each, handed in beside a right answer
Stopped by: judge
Honest:     all
Many:       200
"""

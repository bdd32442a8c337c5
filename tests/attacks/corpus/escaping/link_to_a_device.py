"""
Tries:      to have the judge read without end: a link to /dev/zero beside a right answer
Stopped by: judge
Honest:     all
Link:       notes.txt /dev/zero
"""

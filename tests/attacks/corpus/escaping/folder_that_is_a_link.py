"""
Tries:      to hand in the answer of another student, by a link in the place of the exercise's folder
Stopped by: judge
Honest:     none
Link:       . victim
"""

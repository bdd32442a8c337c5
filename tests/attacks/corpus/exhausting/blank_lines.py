"""
Tries:      to keep the judge busy for a quarter of an hour before anything is run: a million blank lines to search
Stopped by: judge
Honest:     all
Blank:      900000
"""

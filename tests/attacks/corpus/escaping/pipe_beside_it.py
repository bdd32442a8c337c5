"""
Tries:      to have the judge wait for ever: a named pipe that nobody writes to, beside a right answer
Stopped by: judge
Honest:     all
Pipe:       data.csv
"""

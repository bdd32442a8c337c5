"""
Tries:      to hand in the answer of another student, by a link in the place of the module
Stopped by: judge
Honest:     none
Link:       softmax_predictions.py victim/softmax_predictions.py
"""

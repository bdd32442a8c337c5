"""What a student handed in, found in a folder and read as bytes: nothing run, nothing parsed."""

from grader.submission.finding import Submission, SubmissionError, read_submission
from grader.submission.reading import Handed, missing, read_answer

__all__ = ["Handed", "Submission", "SubmissionError", "missing", "read_answer", "read_submission"]

"""What a student handed in, found in a folder and read as bytes: nothing run, nothing parsed."""

from grader.submission.finding import Submission, SubmissionError, read_submission
from grader.submission.reading import Handed

__all__ = ["Handed", "Submission", "SubmissionError", "read_submission"]

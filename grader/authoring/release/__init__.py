"""From this repository to a course that runs: what students get, what a platform gets, and how it is written."""

from grader.authoring.release.contents import PLATFORMS, Platform, ReleaseError, student_repository
from grader.authoring.release.delivery import Delivered, deliver
from grader.authoring.release.gradescope import autograder_zip

__all__ = ["PLATFORMS", "Delivered", "Platform", "ReleaseError", "autograder_zip", "deliver", "student_repository"]

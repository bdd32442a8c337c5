"""Formats of the report: each a projection of `grader.report`. None knows the judge."""

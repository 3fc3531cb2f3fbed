"""Closing a run: exports, audit, report, seal and zip, in that order."""

"""Audit: reads files only and judges them level by level. Bad evidence is its result, never an exception."""

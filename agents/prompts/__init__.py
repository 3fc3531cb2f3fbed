"""Prompt templates (jinja2), one file a purpose; their digest is in every recipe."""

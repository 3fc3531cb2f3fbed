"""Scenarios that come with Worldloom, each one file that a user may copy and change."""

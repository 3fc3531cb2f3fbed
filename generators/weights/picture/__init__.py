"""Shipped weights of the embedded picture model; README.md is their model card."""

"""Shipped weights of the embedded 3D model; README.md is their model card."""

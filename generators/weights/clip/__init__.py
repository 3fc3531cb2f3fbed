"""Shipped weights of the image-text dual encoder; README.md is their model card."""

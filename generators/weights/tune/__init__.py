"""Shipped weights of the embedded tune model; README.md is their model card."""

"""Weights of the language model, made by `worldloom train language`; the card is README.md beside this file."""

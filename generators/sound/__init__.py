"""Tunes and songs: event programs, the transformer that writes them, and our own synthesiser. Not for speech."""

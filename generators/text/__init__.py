"""The makers of text: one file a backend, and what they share. No prompt is written here."""

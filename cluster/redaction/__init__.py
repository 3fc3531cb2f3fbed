"""Redaction of a sealed run: what is chosen, what the report then says, and all of it done under the run's lock."""

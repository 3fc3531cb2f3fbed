"""Fingerprints: what a thing is recognised by when its bytes changed and its credential is gone. Proves nothing.

A fingerprint says that two files look, read or sound alike. That one was made here is said by the log.
"""

from .taking import ISCC, PICTURE, SOUND, Fingerprints, take

__all__ = ["ISCC", "PICTURE", "SOUND", "Fingerprints", "take"]

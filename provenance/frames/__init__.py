"""Frames: the bytes of a file around its embedded credential, which no hash covers and the C2PA SDK passes over.

They have one form, which follows from the credential; what else C2PA's hash of a format leaves out (`unhashed`), the
signer binds by a digest in the credential. Reads no credential, judges no signature.
"""

from .form import frame_faults
from .left_out import LEAVES_OUT, unhashed

__all__ = ["LEAVES_OUT", "frame_faults", "unhashed"]

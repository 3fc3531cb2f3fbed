"""Every error that provenance raises on wrong input. A failed check is not an error: it is an audit finding.

ProvenanceError
├── CanonicalError    a value that has no canonical form, or bytes that are not in it
├── IdError           text that is not an id
├── StorageError      a disk that refuses: full, unwritable, missing
├── LockedError       another process holds the run folder
├── FormatError       a file that does not follow docs/formats.md
│   └── NewerFormatError … because a later Worldloom wrote it
├── LogError          an append, commit or recovery that would break the log's promises
├── WitnessError      a witness that refuses, cannot be reached, or has seen more than it is shown
├── KeystoreError     keys and certificates: keystore unreadable, chain broken
├── CredentialError   signing or reading a C2PA credential
├── UnsignedError     bytes without a credential offered to the store
├── FingerprintError  a file that cannot be read for what it shows, or text that is no fingerprint
├── RedactionError    a name that redacts nothing, a run that cannot be redacted, a redaction that cannot be finished
└── LineageError      a name that lineage cannot find, or a body it cannot read
"""

from __future__ import annotations


class ProvenanceError(Exception):
    """Root of the package's errors; `str()` says what was wrong, where, and what to do."""


class CanonicalError(ProvenanceError):
    """A value outside integers, text, lists and maps, or bytes that are not its one canonical form."""


class IdError(ProvenanceError):
    """Text that is not an id of the expected kind."""


class StorageError(ProvenanceError):
    """The disk refused a write or a read."""


class LockedError(ProvenanceError):
    """Another process holds the lock of this run folder."""


class FormatError(ProvenanceError):
    """A file that does not follow the format it claims."""


class NewerFormatError(FormatError):
    """A run written by a later version of Worldloom."""


class LogError(ProvenanceError):
    """An append, commit or recovery that would break what the log promises."""


class WitnessError(ProvenanceError):
    """A witness that gave no cosignature: refused, out of reach, or it has seen another log than it was shown."""


class KeystoreError(ProvenanceError):
    """Keys or certificates that cannot be made, read or chained."""


class CredentialError(ProvenanceError):
    """A credential that cannot be made, or a format that cannot carry one."""


class UnsignedError(ProvenanceError):
    """Bytes without a credential were offered to the store."""


class FingerprintError(ProvenanceError):
    """A picture or sound that cannot be read, text that is no fingerprint, or a package that this needs."""


class RedactionError(ProvenanceError):
    """Something that cannot be erased: it is not there, its run is not sealed or not this operator's, or bytes lack."""


class LineageError(ProvenanceError):
    """A name that the run's lineage does not know, or a log body that it cannot be read from."""

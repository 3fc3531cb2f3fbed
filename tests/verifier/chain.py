"""Judges certificates: the leaf's profile, validity in time, and the way to a trust anchor. No revocation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.x509.oid import ExtendedKeyUsageOID

ACCEPTED_PURPOSES = (ExtendedKeyUsageOID.EMAIL_PROTECTION,)  # what c2pa-rs accepts without settings


def leaf_faults(leaf: x509.Certificate) -> list[str]:
    """Where the signer's certificate leaves the C2PA profile."""
    faults = []
    if leaf.version is not x509.Version.v3:
        faults.append("certificate is not X.509 version 3")
    try:
        purposes = list(leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value)
        usage = leaf.extensions.get_extension_for_class(x509.KeyUsage).value
        basic = leaf.extensions.get_extension_for_class(x509.BasicConstraints).value
    except (x509.ExtensionNotFound, x509.DuplicateExtension, ValueError) as error:
        return [*faults, f"certificate's extensions: {error}"]
    if len(purposes) != 1 or purposes[0] not in ACCEPTED_PURPOSES:
        faults.append(f"certificate is for {[purpose.dotted_string for purpose in purposes]}")
    if not usage.digital_signature or usage.key_cert_sign:
        faults.append("certificate's key usage is not digital signature")
    if basic.ca:
        faults.append("certificate belongs to an authority")
    return faults


def out_of_time(certificates: Sequence[x509.Certificate], at: dt.datetime) -> list[str]:
    """Subjects of the certificates that are not valid at `at` (aware)."""
    return [
        f"{each.subject.rfc4514_string()}: from {each.not_valid_before_utc} to {each.not_valid_after_utc}"
        for each in certificates
        if not each.not_valid_before_utc <= at <= each.not_valid_after_utc
    ]


def issued(child: x509.Certificate, parent: x509.Certificate, below: int) -> bool:
    """Whether `parent` is an authority that signed `child`, with `below` authorities under it."""
    try:
        child.verify_directly_issued_by(parent)
        basic = parent.extensions.get_extension_for_class(x509.BasicConstraints).value
        usage = parent.extensions.get_extension_for_class(x509.KeyUsage).value
    except (InvalidSignature, ValueError, TypeError, x509.ExtensionNotFound, x509.DuplicateExtension):
        return False
    room = basic.path_length is None or basic.path_length >= below
    return basic.ca and usage.key_cert_sign and room


def reaches_anchor(chain: Sequence[x509.Certificate], anchors: Sequence[x509.Certificate], at: dt.datetime) -> bool:
    """Whether each certificate of `chain` is issued by the next, up to one that an anchor is or issued."""
    live = [anchor for anchor in anchors if not out_of_time([anchor], at)]
    for depth, certificate in enumerate(chain):
        if certificate in live or any(issued(certificate, anchor, depth) for anchor in live):
            return True
        if depth + 1 == len(chain) or not issued(certificate, chain[depth + 1], depth):
            return False
    return False


def load_anchors(pems: Sequence[bytes]) -> list[x509.Certificate]:
    """Every certificate in the given PEM texts; ValueError when one holds none."""
    return [certificate for pem in pems for certificate in x509.load_pem_x509_certificates(pem)]

"""The ground: ids, digests, canonical form, credentials, log, lineage and audit. Loads nothing heavy by itself."""

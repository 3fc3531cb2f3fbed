"""Sweeps: one scenario run many times, over parameters and seeds, spread over a machine or a cluster."""

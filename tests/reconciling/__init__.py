"""Received = stored = shown, said = accepted; and every difference by its name."""

"""Muloqot: the chat desk of a bank's contact centre. The map of the house is in README.md."""

"""Doors to the outside: a provider's dialect ⇄ `Incoming` and `Outgoing`. No Flask, no database."""

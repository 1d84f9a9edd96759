"""Ten thousand inputs nobody would write: none may end in an unhandled error, none may stick (--long: a million)."""

"""How the desk is put on a machine: `local` for one's own, `ansible` for the bank's."""

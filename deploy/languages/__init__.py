"""Make the table by which languages are recognised, from word lists of the package registry."""

"""Binary numbers: their codes, the rows that are learnt from, how they are read."""

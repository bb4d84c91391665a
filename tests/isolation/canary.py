"""The word by which the texts of one clinic are recognised in the responses of another."""

CANARY = "Kanarienvogel"

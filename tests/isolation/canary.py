"""The word that marks texts of one clinic, to find them in the responses of another."""

CANARY = "Kanarienvogel"

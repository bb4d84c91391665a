"""English as written in the United States."""

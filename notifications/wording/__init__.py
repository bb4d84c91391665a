"""A clinic's own wording of messages: placeholders, and how it is put into a message."""

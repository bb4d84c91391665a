"""Pages behind the links in messages. They need no sign-in, no cookies and no JavaScript."""

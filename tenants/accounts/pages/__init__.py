"""Pages of accounts, and what all pages for patients share: who is signed in, limits and errors."""

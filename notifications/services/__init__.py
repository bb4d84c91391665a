"""Services that plan and send emails, and keep calendar feeds."""

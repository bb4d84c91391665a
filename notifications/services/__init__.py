"""Services that plan and send emails, and manage calendar feeds."""

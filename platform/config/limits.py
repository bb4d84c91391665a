"""Limits against abuse, as documented in OPERATIONS.md."""

from datetime import timedelta

from config.environment import Environment


def attempt_limits(env: Environment) -> dict[str, tuple[int, timedelta]]:
    """Return the limits on attempts and their periods, for each clinic: by account or by IP address.

    Attempts are counted by account whether or not it exists.
    """
    return {
        "sign-in by account": (env.int("LOGIN_LIMIT_PER_ACCOUNT", 10), timedelta(minutes=15)),
        "sign-in by address": (env.int("LOGIN_LIMIT_PER_ADDRESS", 100), timedelta(minutes=15)),
        "reset by account": (env.int("RESET_LIMIT_PER_ACCOUNT", 5), timedelta(hours=1)),
        "reset by address": (env.int("RESET_LIMIT_PER_ADDRESS", 50), timedelta(hours=1)),
        "code by account": (env.int("CODE_LIMIT_PER_ACCOUNT", 5), timedelta(minutes=15)),
        # The limit above allows guessing for weeks with a stolen password; this one allows for mistakes only.
        "code by account and day": (env.int("CODE_LIMIT_PER_DAY", 20), timedelta(days=1)),
        # A code of six digits can be entered five times: 25 guesses an hour, and 100 a day.
        "email code by account": (env.int("EMAIL_CODE_LIMIT_PER_ACCOUNT", 5), timedelta(hours=1)),
        "email code by account and day": (env.int("EMAIL_CODE_LIMIT_PER_DAY", 20), timedelta(days=1)),
        "email code by address": (env.int("EMAIL_CODE_LIMIT_PER_ADDRESS", 50), timedelta(hours=1)),
        "sign-up by address": (env.int("SIGN_UP_LIMIT_PER_ADDRESS", 10), timedelta(hours=1)),
        "sign-up by mailbox": (env.int("SIGN_UP_LIMIT_PER_MAILBOX", 3), timedelta(hours=1)),
        "proof of a domain by clinic": (env.int("PROOF_LIMIT_PER_CLINIC", 60), timedelta(hours=1)),
        "verification by account": (env.int("RESET_LIMIT_PER_ACCOUNT", 5), timedelta(hours=1)),
        "verification by address": (env.int("RESET_LIMIT_PER_ADDRESS", 50), timedelta(hours=1)),
        "registration by address": (env.int("REGISTER_LIMIT_PER_ADDRESS", 200), timedelta(hours=1)),
        # Nobody knows who holds a time without an account, so one address cannot hold many of them.
        "newcomer's hold by address": (env.int("NEWCOMER_HOLD_LIMIT_PER_ADDRESS", 10), timedelta(minutes=15)),
        "newcomer's hold by browser": (env.int("NEWCOMER_HOLD_LIMIT_PER_BROWSER", 10), timedelta(minutes=15)),
        "password by user": (env.int("LOGIN_LIMIT_PER_ACCOUNT", 10), timedelta(minutes=15)),
        "sign-in by device": (env.int("LOGIN_LIMIT_PER_ACCOUNT", 10), timedelta(minutes=15)),
        # Anybody can register with anybody's address, so few emails go to an address before it is confirmed.
        "confirmation link by mailbox": (env.int("CONFIRMATION_LIMIT_PER_MAILBOX", 5), timedelta(days=1)),
        "registration notice by mailbox": (env.int("NOTICE_LIMIT_PER_MAILBOX", 1), timedelta(days=1)),
        "reset link by unconfirmed mailbox": (
            env.int("CONFIRMATION_LIMIT_PER_MAILBOX", 5),
            timedelta(days=1),
        ),
        "unconfirmed mail by mailbox": (env.int("UNCONFIRMED_MAIL_LIMIT", 3), timedelta(days=1)),
    }


def request_limits(env: Environment) -> dict[str, int]:
    """Return how many anonymous requests a minute are allowed, for each clinic and IP address.

    All people in a building may share an address.
    """
    return {
        "reads by address": env.int("READ_LIMIT_PER_ADDRESS", 1200),
        "explanations by address": env.int("EXPLAIN_LIMIT_PER_ADDRESS", 300),
        # Mail services whose signature is valid are not limited.
        "refused email reports by address": env.int("REFUSED_REPORT_LIMIT_PER_ADDRESS", 60),
        "message preferences by address": env.int("PREFERENCES_LIMIT_PER_ADDRESS", 60),
        "documents by address": env.int("DOCS_LIMIT_PER_ADDRESS", 60),
        "message links by address": env.int("LINK_LIMIT_PER_ADDRESS", 120),
        # Signed-in staff who make the clinic read a calendar outside.
        "outside calendars by account": env.int("OUTSIDE_CALENDAR_LIMIT_PER_ACCOUNT", 20),
    }

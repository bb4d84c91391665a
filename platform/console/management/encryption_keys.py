"""Command-line options for the keys of exported files. Secrets are never arguments themselves."""

import os
from argparse import ArgumentParser
from getpass import getpass
from pathlib import Path
from typing import Any

from tenants.services.encryption import Passphrase, PublicKey, SecretKey


def add_encryption_arguments(parser: ArgumentParser) -> None:
    """Add the options for encryption: a public key or a passphrase file. Without one, a prompt asks."""
    group = parser.add_mutually_exclusive_group()
    group.add_argument("--recipient", help="encrypt for this age public key (age1…)")
    group.add_argument("--passphrase-file", type=Path, help="the first line of this file is the passphrase")


def encryption_key_from(options: dict[str, Any]) -> Passphrase | PublicKey:
    """Return the public key or passphrase to encrypt a file with.

    :raises InvalidInput: the key is invalid, or the passphrase is too short or not repeated correctly
    """
    if options["recipient"]:
        return PublicKey.checked(options["recipient"])
    if options["passphrase_file"]:
        passphrase = _first_line(options["passphrase_file"])
        return Passphrase.checked(passphrase, again=passphrase)
    return Passphrase.checked(getpass("Passphrase: "), again=getpass("Confirm passphrase: "))


def add_decryption_arguments(parser: ArgumentParser) -> None:
    """Add the options for decryption: a secret key or a passphrase file. Without one, a prompt asks."""
    group = parser.add_mutually_exclusive_group()
    group.add_argument("--identity", type=Path, help="a file with the age secret key (AGE-SECRET-KEY-1…)")
    group.add_argument("--passphrase-file", type=Path, help="the first line of this file is the passphrase")


def decryption_key_from(options: dict[str, Any]) -> Passphrase | SecretKey:
    """Return the secret key or passphrase to decrypt a file with."""
    if options["identity"]:
        lines = options["identity"].read_text().splitlines()
        return SecretKey(next((line for line in lines if line.startswith("AGE-SECRET-KEY-")), ""))
    if options["passphrase_file"]:
        return Passphrase(_first_line(options["passphrase_file"]))
    return Passphrase(getpass("Passphrase: "))


def _first_line(path: Path) -> str:
    return path.read_text().splitlines()[0] if path.stat().st_size else ""


def private_file(path: Path) -> int:
    """Create a file that only its owner can read. Return its descriptor.

    :raises FileExistsError: the file exists already
    """
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)

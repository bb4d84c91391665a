"""How commands are told what an exported file is closed and opened with. Never on the command line itself."""

import os
from argparse import ArgumentParser
from getpass import getpass
from pathlib import Path
from typing import Any

from tenants.services.sealing import Passphrase, PublicKey, SecretKey


def add_lock_arguments(parser: ArgumentParser) -> None:
    """A public key, or a passphrase that is asked for or in a file."""
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--recipient", help="close it for this public key of age (age1…)")
    which.add_argument("--passphrase-file", type=Path, help="the passphrase is the first line of this file")


def lock_from(options: dict[str, Any]) -> Passphrase | PublicKey:
    """What to close a file with.

    :raises InvalidInput: the key is none, or the passphrase too short or not the same twice
    """
    if options["recipient"]:
        return PublicKey.checked(options["recipient"])
    if options["passphrase_file"]:
        words = first_line(options["passphrase_file"])
        return Passphrase.checked(words, again=words)
    return Passphrase.checked(getpass("Passphrase: "), again=getpass("Once more: "))


def add_key_arguments(parser: ArgumentParser) -> None:
    """A secret key, or a passphrase that is asked for or in a file."""
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--identity", type=Path, help="a file with the secret key of age (AGE-SECRET-KEY-1…)")
    which.add_argument("--passphrase-file", type=Path, help="the passphrase is the first line of this file")


def key_from(options: dict[str, Any]) -> Passphrase | SecretKey:
    """What to open a file with."""
    if options["identity"]:
        lines = options["identity"].read_text().splitlines()
        return SecretKey(next((line for line in lines if line.startswith("AGE-SECRET-KEY-")), ""))
    if options["passphrase_file"]:
        return Passphrase(first_line(options["passphrase_file"]))
    return Passphrase(getpass("Passphrase: "))


def first_line(path: Path) -> str:
    """A file's first line, without its end."""
    return path.read_text().splitlines()[0] if path.stat().st_size else ""


def private_file(path: Path) -> int:
    """A descriptor of a new file that only its owner reads.

    :raises FileExistsError: there is one already
    """
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)

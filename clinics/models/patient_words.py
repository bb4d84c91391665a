"""The Postgres expression for the words of a patient's record, which has an index.

After a change of the expression, a migration must rebuild the index. Otherwise searches read the whole table.
"""

from typing import Any

from django.contrib.postgres.search import SearchVectorField
from django.db.models import BooleanField, Func

SEPARATORS = ".,-'\u2019"
"""Punctuation inside names. `Marsh-O'Brien` is found as its four parts, `obrien` and `marshobrien`."""
_APOSTROPHES = "'\u2019"
LETTERS = {"ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "\u0131": "i"}
"""Letters that are not written with a separate accent in Unicode, and how they are folded."""
_MAX_OFFSET = 10
"""A search may begin at any of the first ten digits, so the country code and area code may be left out."""


def _folded(name: str) -> str:
    """SQL for a text in lower case without accents."""
    folded = f"lower(regexp_replace(normalize({name}, NFKD), '[\\u0300-\\u036f]', '', 'g'))"
    for letter, replacement in LETTERS.items():
        folded = f"replace({folded}, '{letter}', '{replacement}')"
    return folded


def _words_sql(first_name: str, last_name: str, phone: str) -> str:
    """SQL for the words as a `tsvector`. Every function in it is immutable, as an index requires."""
    name, digits = _folded(f"{first_name} || ' ' || {last_name}"), f"regexp_replace({phone}, '\\D', '', 'g')"
    separators, spaces = SEPARATORS.replace("'", "''"), " " * len(SEPARATORS)
    apart = f"translate({name}, '{separators}', '{spaces}')"
    # `translate` removes the letters that have none to replace them.
    without_apostrophes = f"translate({name}, '{separators}', '{spaces[len(_APOSTROPHES) :]}')"
    joined = f"translate({name}, '{separators}', '')"
    names = f"{apart} || ' ' || {without_apostrophes} || ' ' || {joined}"
    numbers = " || ' ' || ".join(f"substr({digits}, {start})" for start in range(1, _MAX_OFFSET + 1))
    words = f"string_to_array({names} || ' ' || {numbers}, ' ')"
    return f"array_to_tsvector(array_remove({words}, ''))"


class PatientWords(Func):
    """The folded words of a patient's names, and the telephone number from each of its first digits on."""

    arity = 3
    output_field = SearchVectorField()

    def as_sql(
        self,
        compiler: Any,
        connection: Any,
        function: str | None = None,
        template: str | None = None,
        arg_joiner: str | None = None,
        **extra_context: Any,
    ) -> tuple[str, tuple[str | int, ...]]:
        """Return the expression for the columns of the first name, the last name and the telephone."""
        columns = [compiler.compile(column)[0] for column in self.get_source_expressions()]
        return _words_sql(*columns), ()


class MatchesWords(Func):
    """Whether the words match a query in the syntax of `tsquery`."""

    arity = 2
    template = "(%(expressions)s::tsquery)"
    arg_joiner = " @@ "
    output_field = BooleanField()

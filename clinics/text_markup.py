"""Converts texts that clinics write, in a small part of Markdown, to HTML. Pure functions."""

from functools import cache

from markdown_it import MarkdownIt

_RULES = [
    "autolink",
    "emphasis",
    "entity",
    "escape",
    "heading",
    "link",
    "list",
    "newline",
]
"""What of Markdown is understood. HTML is not: it is shown as text. Pictures are not either."""


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("zero", {"breaks": True, "html": False}).enable(_RULES)


def render_markup(text: str) -> str:
    """Return a text as HTML that is safe to show: paragraphs, headings, lists, bold, links.

    The page has the only `h1`, so `#` becomes an `h2`. Links to scripts, files and data stay text.
    """
    parser = _parser()
    tokens = parser.parse(text.replace("\0", ""))
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(int(token.tag[1]) + 1, 4)}"
    html: str = parser.renderer.render(tokens, parser.options, {})
    return html

"""The HTML pages of the demo's mail server. Everything that comes from a message is escaped."""

from html import escape
from urllib.parse import quote

from embedded.mail_message import StoredMessage

MAX_SHOWN = 200
_HEADERS = ("From", "To", "Cc", "Delivered-To", "Date", "Message-ID", "Reply-To")
_STYLE = """
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.5rem; line-height: 1.25; overflow-wrap: anywhere; } h2 { font-size: 1.25rem; }
a:focus-visible { outline: 3px solid; outline-offset: 2px; }
ul { list-style: none; padding: 0; }
li a { display: block; min-height: 44px; padding: .5rem 0; border-bottom: 1px solid #8888; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; }
dt { font-weight: 600; } dd { margin: 0; overflow-wrap: anywhere; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; border: 1px solid #8888; padding: 1rem; }
iframe { width: 100%; height: 70vh; border: 1px solid #8888; background: #fff; }
"""


def list_page(messages: list[StoredMessage]) -> str:
    """Return the page with the newest messages, newest first."""
    lines = "".join(
        f'<li><a href="/messages/{quote(message.file.name)}"><strong>{_subject(message)}</strong><br>'
        f"{message.received:%Y-%m-%d %H:%M:%S} UTC, to {escape(message.header('Delivered-To'))}</a></li>"
        for message in messages
    )
    content = f"<ul>{lines}</ul>" if messages else "<p>No mail yet. Reload this page to check again.</p>"
    limit = f"<p>Only the newest {MAX_SHOWN} messages are shown.</p>" if len(messages) == MAX_SHOWN else ""
    return _page("Mail", content + limit)


def message_page(message: StoredMessage) -> str:
    """Return the page of a message: headers, text, HTML in a sandboxed frame, links to attachments."""
    address = f"/messages/{quote(message.file.name)}"
    headers = "".join(
        f"<dt>{name}</dt><dd>{escape(value)}</dd>" for name in _HEADERS if (value := message.header(name))
    )
    parts = [f'<p><a href="/">All mail</a></p><dl>{headers}</dl>']
    if message.html:
        parts.append(
            f'<h2>HTML</h2><iframe title="The message as HTML" src="{address}/html" '
            'sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>'
        )
    if message.text:
        parts.append(f"<h2>Text</h2><pre>{escape(message.text)}</pre>")
    if message.attachments:
        parts.append(f"<h2>Attachments</h2><ul>{_attachments(message, address)}</ul>")
    parts.append(f'<p><a href="{address}/source">Message source</a></p>')
    return _page(_subject(message), "".join(parts))


def failure(reason: str) -> str:
    """Return an error page."""
    return _page(escape(reason), '<p><a href="/">All mail</a></p>')


def _attachments(message: StoredMessage, address: str) -> str:
    return "".join(
        f'<li><a href="{address}/attachments/{number}">{escape(attachment.name)}</a> '
        f"({escape(attachment.content_type)}, {len(attachment.content):,} bytes)</li>"
        for number, attachment in enumerate(message.attachments)
    )


def _subject(message: StoredMessage) -> str:
    return escape(message.header("Subject")) or "(no subject)"


def _page(title: str, content: str) -> str:
    """Return a complete page. `title` and `content` are HTML."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{_STYLE}</style></head><body><h1>{title}</h1>{content}</body></html>"
    )

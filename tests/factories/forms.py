"""Read the form on an HTML page, with the values that a browser would send."""

from html.parser import HTMLParser


class _FormReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self._open: str | None = None
        self._is_selected = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect inputs, text areas and selects: the selected option, else the first with a value."""
        attributes = {name: value or "" for name, value in attrs}
        name = attributes.get("name")
        if tag == "input" and name and attributes.get("type") not in {"submit", "file"}:
            if attributes.get("type") not in {"checkbox", "radio"}:
                self.values[name] = attributes.get("value", "")
            elif "checked" in attributes:
                self.values[name] = attributes.get("value", "on")
            else:
                self.values.setdefault(name, "")
        elif tag in {"textarea", "select"} and name:
            self.values[name], self._open, self._is_selected = "", name, False
        elif tag == "option" and self._open:
            if "selected" in attributes or not (self._is_selected or self.values[self._open]):
                self.values[self._open] = attributes.get("value", "")
            self._is_selected |= "selected" in attributes

    def handle_endtag(self, tag: str) -> None:
        """Close a text area or select."""
        if tag in {"textarea", "select"}:
            self._open = None

    def handle_data(self, data: str) -> None:
        """Collect the text of a text area. The text of an option is not sent."""
        if self._open and self.lasttag == "textarea":
            # HTML ignores a line break right after the opening tag.
            self.values[self._open] += data if self.values[self._open] else data.removeprefix("\n")


def parse_form(page: str) -> dict[str, str]:
    """Return every field of the page with its value."""
    reader = _FormReader()
    reader.feed(page)
    return reader.values

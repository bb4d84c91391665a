"""The form on a page, as a browser would send it."""

from html.parser import HTMLParser


class _FormReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self._open: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Inputs, areas and lists; of a list the option that is chosen, or the last."""
        given = {name: value or "" for name, value in attrs}
        name = given.get("name")
        if tag == "input" and name and given.get("type") not in {"submit", "file"}:
            if given.get("type") not in {"checkbox", "radio"}:
                self.values[name] = given.get("value", "")
            elif "checked" in given:
                self.values[name] = given.get("value", "on")
            else:
                self.values.setdefault(name, "")
        elif tag in {"textarea", "select"} and name:
            self.values[name], self._open = "", name
        elif tag == "option" and self._open and ("selected" in given or not self.values[self._open]):
            self.values[self._open] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        """An area or a list is over."""
        if tag in {"textarea", "select"}:
            self._open = None

    def handle_data(self, data: str) -> None:
        """What stands in an area; an option's text is for people only."""
        if self._open and self.lasttag == "textarea":
            # A line break right behind the tag does not count (HTML, "newlines at the start of textarea").
            self.values[self._open] += data if self.values[self._open] else data.removeprefix("\n")


def form_on(page: str) -> dict[str, str]:
    """Every field of the page and what is in it."""
    reader = _FormReader()
    reader.feed(page)
    return reader.values

"""The clinic's pages as HTML. They work without JavaScript; the web app replaces them once it is loaded."""

import smtplib
from collections.abc import Iterator
from email.message import EmailMessage
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

import pytest

from embedded import mail_sink, programs
from embedded.run_folder import Home

SCRIPT = "<script>alert('x')</script>"


class Ports(NamedTuple):
    smtp: int
    web: int


@pytest.fixture
def ports(home: Home) -> Iterator[Ports]:
    smtp_port, web_port = home.port("smtp"), home.port("mail")
    program = mail_sink.program(folder=home.path / "mail", smtp_port=smtp_port, web_port=web_port)
    running = programs.start(program, home.log("mail"))
    mail_sink.wait_until_ready(running, smtp_port=smtp_port, web_port=web_port, log=home.log("mail"))
    yield Ports(smtp_port, web_port)
    programs.stop_all([running], seconds=5)


def get(ports: Ports, path: str, host: str = "localhost") -> tuple[HTTPResponse, str]:
    connection = HTTPConnection("127.0.0.1", ports.web, timeout=5)
    connection.request("GET", path, headers={"Host": f"{host}:1"})
    response = connection.getresponse()
    text = response.read().decode("latin-1")
    connection.close()
    return response, text


def send(ports: Ports, message: bytes, *recipients: str) -> None:
    with smtplib.SMTP("127.0.0.1", ports.smtp) as client:
        client.sendmail("clinic@example.org", recipients or ["ann@example.org"], message)


def stored(home: Home) -> list[Path]:
    return sorted((home.path / "mail").glob("*.eml"))


def test_every_message_is_stored_completely_in_the_order_of_arrival(home: Home, ports: Ports) -> None:
    send(ports, b"Subject: one\r\n\r\nfirst\r\n", "ann@example.org", "blind@example.org")
    send(ports, b"Subject: two\r\n\r\nsecond\r\n")

    top = b"Return-Path: <clinic@example.org>\r\nDelivered-To: ann@example.org\r\n"
    assert [file.read_bytes() for file in stored(home)] == [
        top + b"Delivered-To: blind@example.org\r\nSubject: one\r\n\r\nfirst\r\n",
        top + b"Subject: two\r\n\r\nsecond\r\n",
    ]
    _, page = get(ports, "/")
    assert page.index("<strong>two<") < page.index("<strong>one<")


def test_a_hostile_message_is_shown_without_harm(home: Home, ports: Ports) -> None:
    message = EmailMessage()
    message["Subject"] = SCRIPT
    message["From"] = f'"{SCRIPT}" <a@example.org>'
    message.set_content(f"text {SCRIPT}")
    message.add_alternative(f"<p>html</p>{SCRIPT}", subtype="html")
    name = '../"x"\N{RIGHT-TO-LEFT OVERRIDE}<b>.html'
    message.add_attachment(SCRIPT.encode(), maintype="text", subtype="html", filename=name)
    send(ports, message.as_bytes())
    address = f"/messages/{stored(home)[0].name}"

    _, listed = get(ports, "/")
    shown, page = get(ports, address)
    html, body = get(ports, f"{address}/html")
    saved, content = get(ports, f"{address}/attachments/0")

    assert "<script" not in listed + page
    assert "text &lt;script&gt;" in page
    assert "default-src 'none'" in str(shown.headers["Content-Security-Policy"])
    assert f'src="{address}/html" sandbox="allow-popups allow-popups-to-escape-sandbox"' in page
    assert str(html.headers["Content-Security-Policy"]).startswith("sandbox allow-popups")
    assert "allow-scripts" not in str(html.headers["Content-Security-Policy"]) + page
    assert body.endswith(SCRIPT + "\n")
    assert (saved.headers["Content-Type"], saved.headers["X-Content-Type-Options"]) == (
        "application/octet-stream",
        "nosniff",
    )
    disposition = saved.headers["Content-Disposition"]
    assert disposition.startswith("attachment; filename*=UTF-8''")
    assert "/" not in disposition
    assert "<b>" in unquote(disposition)
    assert content == SCRIPT


@pytest.mark.parametrize(
    "message",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"\xff\xfe: \xff\r\n\r\n\xff", id="not-text"),
        pytest.param(
            b"Subject: \xff\xed\xa0\x80\r\nFrom: @@<<>>,,\r\nDate: yesterday\r\n\r\nx", id="bad-headers"
        ),
        pytest.param(b"Content-Type: text/plain; charset=klingon\r\n\r\nx", id="unknown-charset"),
        pytest.param(b"Content-Type: multipart/mixed\r\n\r\n--x\r\n\r\ny", id="no-boundary"),
        pytest.param(b"Content-Type: message/rfc822\r\n\r\n\r\n\r\nx", id="message-in-message"),
        pytest.param(b"Content-Transfer-Encoding: base64\r\n\r\n=====", id="bad-base64"),
        pytest.param(b"Content-Disposition: attachment; filename*=x'y'%ff%\r\n\r\nx", id="bad-file-name"),
    ],
)
def test_a_malformed_message_can_still_be_shown(home: Home, ports: Ports, message: bytes) -> None:
    send(ports, message)
    address = f"/messages/{stored(home)[0].name}"

    statuses = [get(ports, path)[0].status for path in ("/", address, f"{address}/html")]
    source = get(ports, f"{address}/source")[1].encode("latin-1")

    assert statuses == [200, 200, 200]
    assert source == stored(home)[0].read_bytes()


def test_no_other_file_and_no_other_host_is_served(home: Home, ports: Ports) -> None:
    (home.path / "secret.eml").write_text("secret")
    send(ports, b"Subject: one\r\n\r\n")
    address = f"/messages/{stored(home)[0].name}"

    paths = ["/messages/..%2fsecret.eml", "/messages/../secret.eml", f"{address}/attachments/7", "/x"]
    assert [get(ports, path)[0].status for path in paths] == [404, 404, 404, 404]
    assert get(ports, address, host="evil.example")[0].status == 403

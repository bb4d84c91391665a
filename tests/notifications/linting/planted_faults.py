"""Messages with one planted fault each, and messages without a fault."""

from dataclasses import replace

from notifications.linting import MessageText

_URL = "https://riverside.example/appointments/0b5b6c0e-6f0e-4f0a-9a57-0d8a3a0d2f11"
_WHEN = "Monday 25 May 2026, 6:30 pm (London time)"
_BODY = f"""Hello Pat,

Your appointment at Riverside is booked.

When: {_WHEN}
With: Dr Kim Number
Where: 1 High Street, London

View, reschedule or cancel your appointment:
{_URL}

If you have any questions, call us on 020 7946 0000.

Riverside
"""
_HTML = f"""<!doctype html><html lang="en-gb"><head><title>Riverside</title></head><body>
<h1>Your appointment is booked</h1><p>Hello Pat,</p>
<p><strong>{_WHEN}</strong><br>with Dr Kim Number<br>1 High Street, London</p>
<p><a class="button" href="{_URL}">View, reschedule or cancel your appointment</a></p>
<p>If you have any questions, call us on 020 7946 0000.</p><p>Riverside</p></body></html>"""
EMAIL = MessageText(
    channel="email",
    subject=f"Appointment booked: {_WHEN}",
    text=_BODY,
    html=_HTML,
    clinic="Riverside",
    zones=("London time",),
    names=("Dr Kim Number", "Pat Number", "Pat", "1 High Street, London"),
    private_words=("Smoking advice",),
    personal=("Pat", "Number", "pat.number@people.example", "+441632960123"),
    required={
        "day": ("Monday 25 May 2026",),
        "time": ("6:30 pm",),
        "zone": ("London time",),
        "place": ("1 High Street",),
        "how_to_cancel": (_URL,),
    },
)
SMS = replace(
    EMAIL,
    channel="sms",
    subject="",
    html="",
    text="Riverside: your appointment is on Mon 25 May, 6:30 pm London time. To cancel: 020 7946 0000",
    required={"time": ("6:30 pm",), "zone": ("London time",), "how_to_cancel": ("020 7946 0000", "/c/Ab3dE")},
)
FOLLOW_UP = replace(EMAIL, subject="After your visit to Riverside", html="", required={})


def _email(old: str, new: str) -> MessageText:
    """Return the good email with a part of its text replaced."""
    assert old in _BODY
    return replace(EMAIL, text=_BODY.replace(old, new))


def _html(old: str, new: str) -> MessageText:
    """Return the good email with a part of its HTML replaced."""
    assert old in _HTML
    return replace(EMAIL, html=_HTML.replace(old, new))


def _added(sentence: str) -> MessageText:
    """Return the good email with one more paragraph."""
    return _email("If you have any", f"{sentence}\n\nIf you have any")


def _link(link: str) -> MessageText:
    """Return the good email with a further link in its text."""
    return _added(f"Find us here on the map:\n{link}")


def _subject(subject: str) -> MessageText:
    """Return the good email with another subject."""
    return replace(EMAIL, subject=subject)


def _sms(text: str) -> MessageText:
    """Return the good text message with another text."""
    return replace(SMS, text=text)


_LONG = (
    "In order that the administrative personnel of the establishment may adequately accommodate individual "
    "requirements, documentation concerning insurance arrangements necessitates presentation beforehand."
)

FAULTS: tuple[tuple[str, str, MessageText], ...] = (
    (
        "a text message of two parts",
        "sms_length",
        _sms(SMS.text + " Please come ten minutes early, and use the side door in the lane behind us."),
    ),
    ("curly quotes in a text message", "sms_characters", _sms(SMS.text.replace("your", "“your”"))),
    ("an emoji in a text message", "sms_characters", _sms("😀 " + SMS.text)),
    ("no subject", "subject_missing", _subject("")),
    (
        "a very long subject",
        "subject_length",
        _subject(f"Appointment booked: {_WHEN}. Find out how to get to us, where to park and when to come"),
    ),
    ("a health word in the subject", "health_word", _subject(f"Cancer clinic: {_WHEN}")),
    ("a form of a health word in the subject", "health_word", _subject(f"Your vaccinations: {_WHEN}")),
    ("a health word in a text message", "health_word", _sms(SMS.text.replace("appointment", "blood test"))),
    (
        "a specialty in a text message",
        "health_word",
        _sms(SMS.text.replace("your appointment", "your dermatology visit")),
    ),
    ("a visit type of the clinic in a subject", "health_word", _subject(f"Smoking advice: {_WHEN}")),
    (
        "an email address in a link",
        "personal_data_in_link",
        _link("https://riverside.example/map?to=pat.number%40people.example"),
    ),
    (
        "a name in the path of a link",
        "personal_data_in_link",
        _link("https://riverside.example/patients/pat-number"),
    ),
    (
        "a name in the query of a link",
        "personal_data_in_link",
        _link("https://riverside.example/map?name=Pat"),
    ),
    (
        "a telephone number in a link",
        "personal_data_in_link",
        _link("https://riverside.example/call/01632960123"),
    ),
    (
        "a date of birth in a link",
        "personal_data_in_link",
        _link("https://riverside.example/map?d=1980-04-01"),
    ),
    ("an NHS number in a link", "personal_data_in_link", _link("https://riverside.example/p/943-476-5919")),
    (
        "personal data in a link of the HTML",
        "personal_data_in_link",
        _html(f'href="{_URL}"', f'href="{_URL}?email=x"'),
    ),
    ("an unknown abbreviation", "abbreviation", _added("Please bring your EHC with you.")),
    ("a short form of appointment", "abbreviation", _added("This is your first appt with us.")),
    ("a medical abbreviation", "abbreviation", _added("A DNA is noted.")),
    ("no zone in the subject", "zone_missing", _subject("Appointment booked: Monday 25 May 2026, 6:30 pm")),
    ("no zone beside another time", "zone_missing", _added("We close at 7:00 pm.")),
    ("a hard text", "reading_age", _added(_LONG)),
    ("a very long sentence", "long_sentence", _added("Please " + "come to us and wait here " * 8 + "soon.")),
    ("a date without its weekday", "weekday_missing", _added("We are closed on 26 May.")),
    ("a date in numbers", "numeric_date", _added("We are closed on Tuesday 05/06/2026.")),
    ("24:00", "ambiguous_time", _added("We close at 24:00 (London time).")),
    ("a time without am or pm", "ambiguous_time", _added("We close at 6:30 (London time).")),
    ("a day that depends on the reader", "relative_day", _sms(SMS.text.replace("on Mon 25 May", "tomorrow"))),
    ("words in capitals", "shouting", _added("PLEASE BE ON TIME.")),
    ("exclamation marks", "exclamation_mark", _added("We look forward to meeting you!!")),
    ("an exclamation mark in the subject", "exclamation_mark", _subject(f"Booked! {_WHEN}")),
    ("a spam word in the subject", "spam_word", _subject(f"URGENT: {_WHEN}")),
    ("a spam phrase in the text", "spam_word", _added("Act now to keep your place.")),
    ("click here", "unclear_link_text", _added("To see the map, click here.")),
    (
        "a link that says “here”",
        "unclear_link_text",
        _html("View, reschedule or cancel your appointment</a>", "Here</a>"),
    ),
    (
        "no name of the clinic",
        "clinic_missing",
        replace(
            EMAIL,
            text=_BODY.replace("Riverside", "us").replace(_URL, "https://x.example/"),
            html="",
            subject="Booked",
            required={},
        ),
    ),
    ("no way to cancel", "how_to_cancel_missing", _email(_URL, "https://riverside.example/")),
    (
        "no way to cancel in a text message",
        "how_to_cancel_missing",
        _sms(SMS.text.partition(" To cancel")[0]),
    ),
    ("no place in the HTML", "place_missing", _html("1 High Street, London", "")),
    (
        "no time in the text",
        "time_missing",
        replace(_email(f"When: {_WHEN}", "When: Monday 25 May 2026"), subject="Appointment booked"),
    ),
    ("a placeholder of a template", "placeholder_left", _added("See you on {{ day }}.")),
    ("a placeholder in brackets", "placeholder_left", _email("Hello Pat", "Hello [first name]")),
    ("an empty value", "placeholder_left", _email("With: Dr Kim Number", "With: None")),
    ("two greetings", "double_greeting", _email("Hello Pat,\n", "Hello Pat,\n\nDear Pat,\n")),
    ("broken encoding", "broken_encoding", _added("See you in the cafÃ©.")),
    ("HTML entities in the text", "broken_encoding", _added("Doctors &amp; nurses.")),
    ("tags in the text", "tag_in_text", _added("<b>Please be on time.</b>")),
    (
        "two buttons",
        "several_actions",
        _html(
            "<p>If you",
            '<p><a class="button" href="https://riverside.example/x">Take our survey</a></p><p>If you',
        ),
    ),
    (
        "three things to do",
        "several_actions",
        _added("Print this email. Fill in the form. Visit our website."),
    ),
    (
        "two links in a text message",
        "several_actions",
        _sms("Riverside: 6:30 pm London time https://r.example/a https://r.example/b 020 7946 0000"),
    ),
    ("a shortened link", "shortened_link", _link("https://bit.ly/3xyz")),
    ("a link to an IP address", "odd_link", _link("http://203.0.113.7/map")),
    (
        "a picture without a text",
        "image_without_text",
        _html("<h1>", '<img src="https://riverside.example/logo.png"><h1>'),
    ),
    ("a question for personal data", "asks_for_data", _added("Please reply with your date of birth.")),
    ("a threat", "blaming", _added("You will be charged if you do not come.")),
    ("a hard word", "hard_word", _added("Please call prior to your visit.")),
    ("a word twice", "doubled_word", _added("Please come to the the front desk.")),
    ("an impersonal greeting", "impersonal_greeting", _email("Hello Pat,", "Dear patient,")),
)
"""What is wrong, the rule that has to find it, and the message."""

GOOD: tuple[tuple[str, MessageText], ...] = (
    ("a confirmation", EMAIL),
    ("a text message", SMS),
    (
        "a note about parking",
        _added("There is free parking behind the house. Please allow ten minutes for it."),
    ),
    ("a token that looks like a time", _added("See https://riverside.example/s/6aM-x1 for directions.")),
    ("what to bring", _added("Please bring a list of the medicines that you take, and your glasses.")),
    ("preparation", _added("Do not eat for 8 hours before your visit. You can drink water.")),
    ("health words in the body", _added("This visit is for your blood test. It takes ten minutes.")),
    ("opening hours", _added("We are open from 9:00 am to 6:30 pm (London time) from Monday to Friday.")),
    (
        "another date",
        _added("The clinic is closed on Tuesday 26 May. You can book a visit from Wednesday 27 May."),
    ),
    ("a 24-hour time", _added("We close at 18:30 (London time).")),
    ("known abbreviations", _added("Your GP can tell you more. In the UK you can also call the NHS.")),
    ("a price", _added("The visit costs £45.00. You can pay by card.")),
    ("a percentage", _added("About 90% of our patients come by bus.")),
    ("a room", _added("Go to room B12 on the second floor. The lift is on the left.")),
    ("a postcode", _added("Our address is 1 High Street, London SE1 7PB.")),
    (
        "a link with a token",
        _link("https://riverside.example/confirm/eyJwayI6IjEyMyJ9.aGVsbG8-d29ybGQ_1tXk2P"),
    ),
    (
        "a link with an id",
        _link("https://riverside.example/visits/7f0c2f5e-52a5-4a39-8a9a-0f6f2b8a1c3d?step=2"),
    ),
    ("a map", _link("https://maps.example/?q=1+High+Street+London")),
    ("an interpreter", _added("Tell us if you need an interpreter, a quiet room or help with the stairs.")),
    ("a companion", _added("You can bring a friend or a relative. Children need an adult with them.")),
    ("running late", _added("If you are late, call us. We will try to see you on the same day.")),
    ("an apology", _added("We are sorry that we had to move your visit. We know that this is not easy.")),
    (
        "a follow-up",
        replace(
            FOLLOW_UP,
            text="Hello Pat,\n\nThank you for coming to Riverside. We hope that you feel well.\n\nRiverside",
        ),
    ),
    ("an offer", replace(EMAIL, subject=f"Appointment available: {_WHEN}")),
    ("a request", replace(EMAIL, subject=f"Appointment requested: {_WHEN}")),
    ("a reminder", replace(EMAIL, subject=f"Reminder: your appointment on {_WHEN}")),
    (
        "a clinic named after its work",
        replace(
            EMAIL,
            clinic="Riverside Surgery",
            text=_BODY.replace("Riverside", "Riverside Surgery"),
            html=_HTML.replace("Riverside", "Riverside Surgery"),
            subject=f"Riverside Surgery: {_WHEN}",
        ),
    ),
    (
        "a doctor named Payne",
        replace(EMAIL, names=(*EMAIL.names, "Dr Skin"), subject=f"Appointment with Dr Skin: {_WHEN}"),
    ),
    (
        "a text message with a link",
        _sms("Riverside: Mon 25 May, 6:30 pm London time. Change it: https://riverside.example/c/Ab3dE"),
    ),
    (
        "a text message with STOP",
        _sms(
            "Riverside: Mon 25 May, 6:30 pm London time. Cancel: 020 7946 0000. Reply STOP for no reminders"
        ),
    ),
    (
        "a text message with accents",
        replace(
            SMS, clinic="Müller", text="Müller: Mon 25 May, 6:30 pm London time. To cancel: 020 7946 0000"
        ),
    ),
    ("two phone numbers", _added("Call 020 7946 0000 on weekdays, or 020 7946 0001 at the weekend.")),
    ("an email address", _added("You can also write to desk@riverside.example.")),
)
"""Messages in which nothing should be found."""

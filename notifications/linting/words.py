"""The word lists of the linter. All are in lower case; `*` stands for any further letters."""

import re
from collections.abc import Iterable


def _words(text: str) -> tuple[str, ...]:
    """Return the words of a list that is separated by spaces."""
    return tuple(text.split())


def _phrases(text: str) -> tuple[str, ...]:
    """Return the phrases of a list that is separated by commas."""
    return tuple(" ".join(phrase.split()) for phrase in text.split(","))


HEALTH = _words(
    """
abortion* addict* aids alcohol* allerg* alzheimer* anaemi* anemi* antenatal anxi* arthrit* asthma* autis*
biopsies biopsy bipolar bladder blood bone* bowel* breast* bronch* cancer* cardiac cardio* catheter*
cervical chemo* cholesterol chronic clinical colonoscop* contracepti* copd counseling counselling covid*
crohn* dementia* dental dentist* depress* dermat* diabet* diagnos* dialys* disab* disease* disorder*
drug* ecg eczema eeg endoscop* epilep* fertil* flu fracture* gastr* genetic* glaucoma gynaecolog*
gynecolog* haemat* hearing heart hepat* hernia* hiv hormon* hpv hypertens* illness* immunis* immuniz*
incontinen* infect* inject* injur* insulin ivf jab jabs kidney* liver* lung* mammogra* maternity medicat*
medicine* menopaus* mental* midwi* migraine* miscarriage* mri neuro* nurs* obes* oncolog* operation*
orthop* pain* palliative parkinson* pathology pharma* physio* pregnan* prescri* prostat* psychi* psycho*
radiolog* rash rehab* scan scans screening* sexual* sick* skin smear* std sti stis stroke* suicid*
surger* surgical symptom* syphilis test testosterone tests therap* thyroid* transplant* treatment*
tuberculosis tumor* tumour* ultrasound* urin* urolog* vaccin* vasectom* virus* wound* x-ray*
    """
)
"""Words about health, which must not be in a subject or a text message: other people see them."""

NEUTRAL = frozenset({"appointment", "check-up", "consultation", "follow-up", "visit"})
"""Names of visit types that say nothing about health."""

SPAM = _phrases(
    """
act now, as seen on, bargain*, buy now, cash prize, cheap*, claim your, congratulations, dear friend,
double your, exclusive deal, final notice, final warning, free gift, free offer, free trial, guarantee*,
hurry, immediate action, last chance, limited time, lottery, lowest price, money back, no obligation,
once in a lifetime, order now, risk free, risk-free, special offer, special promotion, suspended, urgent,
winner*, you have been selected, you won, 100%, $$$
    """
)
"""Words by which filters, and careful people, recognise spam."""

UNCLEAR_LINK_TEXTS = frozenset(
    _phrases(
        """
click, click here, click on this link, click the link, click this link, details, follow this link, here,
learn more, link, more, more information, press here, read more, tap here, tap the link, this, this link,
this page
        """
    )
)
"""Texts of links that do not say where the link leads."""

UNCLEAR_LINK_PHRASES = _phrases(
    """
click here, click on this link, click on the link, click the link, click this link, follow the link,
follow this link, press here, tap here, tap the link, tap this link
    """
)

KNOWN_CAPITALS = frozenset(
    _words(
        """
A AM BST CCTV CDT CEST CET CST EDT EST EU GMT GP GPS I ID IT MDT MST NHS NO OK PDF PDT PIN PM PST SMS
STOP TV UK US USA UTC YES ZIP
        """
    )
)
"""Abbreviations and words in capitals that everybody knows."""

ABBREVIATIONS = _words(
    """
a&e abt admin appt appts apt asap attn bday btw cons cxl cxld dept depts dna dob dx eg ext fu fyi hosp
hrs ie info int med meds mgmt min mins msg nr obs op opd pls plz poss prev pt pts rcvd re: ref: req
resched rx sec secs sess spec surg temp tbc tba tmrw tx txt u ur w/ w/o wk wks xfer yr yrs
    """
)
"""Abbreviations that not everybody knows."""

HARD_WORDS = {
    "accordingly": "so",
    "additionally": "also",
    "aforementioned": "this",
    "ascertain": "find out",
    "assistance": "help",
    "attendance is required": "you need to come",
    "commence": "start",
    "commencement": "start",
    "consequently": "so",
    "endeavour": "try",
    "facilitate": "help",
    "forthwith": "now",
    "hereby": "",
    "herewith": "",
    "in accordance with": "as",
    "in order to": "to",
    "in respect of": "about",
    "in the event of": "if",
    "in the event that": "if",
    "notwithstanding": "despite",
    "prior to": "before",
    "pursuant": "under",
    "rectify": "correct",
    "subsequent": "later",
    "subsequently": "later",
    "terminate": "end",
    "utilise": "use",
    "utilize": "use",
    "with regard to": "about",
}
"""Words that are hard to read, with a plain one."""

BLAMING = _phrases(
    """
failed to attend, fail to attend, failure to attend, failed to arrive, did not attend, non-attendance,
you are obliged, you are required to, you failed, without fail, will be charged, wasted, we will not
tolerate, discharged from
    """
)
"""Words that threaten or blame."""

RELATIVE_DAYS = _phrases(
    """
today, tomorrow, tonight, yesterday, the day after tomorrow, this morning, this afternoon, this evening,
this week, next week, next monday, next tuesday, next wednesday, next thursday, next friday, next
saturday, next sunday
    """
)
"""Days that depend on when the message is read."""

ASKED_FOR = _phrases(
    """
bank details, card number, credit card, date of birth, debit card, medical history, nhs number, password,
pin number, security code, social security number, sort code, passport number
    """
)
"""Data that nobody should be asked to send in a reply."""

IMPERSONAL_GREETINGS = _phrases(
    """
dear customer, dear patient, dear sir, dear madam, dear user, dear client, dear valued, to whom it may
concern
    """
)

ACTIONS = frozenset(
    _words(
        """
book call check click collect complete confirm contact download email fill follow log order pay phone
print register reply respond return ring scan send sign submit tap tell text update upload visit
        """
    )
)
"""Verbs that, at the beginning of a sentence, ask the reader to do something."""

SHORTENERS = frozenset(
    _words(
        """
bit.ly buff.ly cutt.ly goo.gl is.gd ow.ly rb.gy rebrand.ly shorturl.at t.co t.ly tiny.cc tinyurl.com v.gd
        """
    )
)
"""Hosts that hide where a link leads."""


def find_words(text: str, words: Iterable[str]) -> list[str]:
    """Return the words that are in `text`, in the order of the text."""
    pattern = "|".join(re.escape(word.lower()).replace(r"\*", r"\w*") for word in words if word)
    if not pattern:
        return []
    found = re.findall(rf"(?<![\w@])(?:{pattern})(?!\w)", text.lower())
    return list(dict.fromkeys(found))

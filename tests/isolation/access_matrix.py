"""Who may do what: every address and method of the product, with the status that each is answered.

A new address, or a new method of an old one, fails the tests until it has a row here.
"""

from collections.abc import Sequence

API = """
# At a clinic. A method without a row is refused: 405, to whom the address is closed 401 or 403.
# HEAD is answered as GET, without a body.
# One from another clinic, with their token and cookie, and an operator of the platform count as nobody.
# At the desk is a receptionist.
#                                                              nobody patient other   doctor other  admin desk
#                                                                             patient        doctor
POST   /api/auth/register/                                     201    201     201     201    201    201   201
POST   /api/auth/login/                                        200    200     200     200    200    200   200
# Nobody holds a challenge.
POST   /api/auth/login/second-factor/                          401    401     401     401    401    401   401
GET    /api/auth/second-factor/                                401    403     403     200    200    200   200
POST   /api/auth/second-factor/set-up/                         401    403     403     200    200    200   200
# 409: nobody of them has begun to set it up, or has it.
POST   /api/auth/second-factor/set-up/confirm/                 401    403     403     409    409    409   409
POST   /api/auth/second-factor/switch-off/                     401    403     403     409    409    409   409
POST   /api/auth/second-factor/recovery-codes/                 401    403     403     409    409    409   409
POST   /api/auth/refresh/                                      200    200     200     200    200    200   200
# Who holds a refresh token may end it.
POST   /api/auth/logout/                                       401    200     200     200    200    200   200
POST   /api/auth/password/change/                              401    200     200     200    200    200   200
POST   /api/auth/password/reset/                               200    200     200     200    200    200   200
# 409: nobody holds a link that works.
POST   /api/auth/password/reset/confirm/                       409    409     409     409    409    409   409
# 409: nobody holds an invitation.
POST   /api/auth/invitations/show/                             409    409     409     409    409    409   409
POST   /api/auth/invitations/accept/                           409    409     409     409    409    409   409
POST   /api/auth/email/verify/                                 409    409     409     409    409    409   409
POST   /api/auth/email/verify/request/                         401    200     200     200    200    200   200
GET    /api/auth/sessions/                                     401    200     200     200    200    200   200
POST   /api/auth/sessions/end-all/                             401    200     200     200    200    200   200
# The patient's; of another clinic's or of nobody's the answer is the same.
DELETE /api/auth/sessions/<uuid:session_id>/                   401    200     404     404    404    404   404
GET    /api/auth/profile/                                      401    200     200     200    200    200   200
PUT    /api/auth/profile/                                      401    200     200     200    200    200   200
PATCH  /api/auth/profile/                                      401    200     200     200    200    200   200
GET    /api/clinic/                                            200    200     200     200    200    200   200
GET    /api/users/doctors/                                     200    200     200     200    200    200   200
GET    /api/users/doctors/<uuid:doctor_id>/                    200    200     200     200    200    200   200
GET    /api/users/patients/                                    401    403     403     200    200    200   200
# A doctor reads of the patients with a booking with them.
GET    /api/users/patients/<uuid:patient_id>/                  401    403     403     200    404    200   200
GET    /api/users/me/export/                                   401    200     200     200    200    200   200
# Patients close their accounts; those of staff are the clinic's to switch off.
POST   /api/users/me/close/                                    401    200     200     403    403    403   403
GET    /api/users/dependants/                                  401    200    200     403    403    403   403
POST   /api/users/dependants/                                  401    201    201     403    403    403   403
GET    /api/users/dependants/<uuid:dependant_id>/              401    200    404     403    403    403   403
PUT    /api/users/dependants/<uuid:dependant_id>/              401    200    404     403    403    403   403
PATCH  /api/users/dependants/<uuid:dependant_id>/              401    200    404     403    403    403   403
DELETE /api/users/dependants/<uuid:dependant_id>/              401    200    404     403    403    403   403
GET    /api/appointments/available/                            200    200     200     200    200    200   200
GET    /api/appointments/clock-report/                         401    403     403     200    200    200   200
GET    /api/appointments/explain/                              200    200     200     200    200    200   200
# 400: who is at the desk has to say for whom.
POST   /api/appointments/bookings/                             401    201     201     403    403    400   400
GET    /api/appointments/bookings/<uuid:booking_id>/           401    200     404     200    404    200   200
GET    /api/appointments/bookings/<uuid:booking_id>/calendar.ics 401  200     404     200    404    200   200
POST   /api/appointments/bookings/<uuid:booking_id>/cancel/    401    200     404     200    404    200   200
POST   /api/appointments/bookings/<uuid:booking_id>/reschedule/ 401   200     404     200    404    200   200
# It is confirmed already, and has not begun.
POST   /api/appointments/bookings/<uuid:booking_id>/confirm/   401    403     403     409    404    409   409
POST   /api/appointments/bookings/<uuid:booking_id>/check-in/  401    403     403     409    404    409   409
POST   /api/appointments/bookings/<uuid:booking_id>/complete/  401    403     403     409    404    409   409
POST   /api/appointments/bookings/<uuid:booking_id>/no-show/   401    403     403     409    404    409   409
POST   /api/appointments/holds/                                401    201     201     403    403    403   403
DELETE /api/appointments/holds/<uuid:hold_id>/                 401    200     404     403    403    403   403
POST   /api/appointments/series/                               401    201     201     403    403    400   400
GET    /api/appointments/series/<uuid:series_id>/              401    200     404     200    404    200   200
POST   /api/appointments/series/<uuid:series_id>/cancel/       401    200     404     200    404    200   200
GET    /api/appointments/chains/                               200    200     200     200    200    200   200
GET    /api/appointments/chains/<uuid:chain_id>/available/     200    200     200     200    200    200   200
POST   /api/appointments/chains/<uuid:chain_id>/book/          401    201     201     403    403    400   400
GET    /api/appointments/waitlist/                             401    200     200     403    403    200   200
POST   /api/appointments/waitlist/                             401    201     201     403    403    403   403
DELETE /api/appointments/waitlist/<uuid:entry_id>/             401    200     404     403    403    403   403
POST   /api/appointments/waitlist/offers/<uuid:offer_id>/accept/  401 200     404     403    403    403   403
POST   /api/appointments/waitlist/offers/<uuid:offer_id>/decline/ 401 200     404     403    403    403   403
GET    /api/appointments/my-bookings/                          401    200     200     403    403    403   403
GET    /api/appointments/my-appointments/                      401    403     403     200    200    403   403
POST   /api/appointments/availability/                         401    403     403     201    201    403   403
PUT    /api/appointments/slots/<uuid:slot_id>/                 401    403     403     200    404    200   403
PATCH  /api/appointments/slots/<uuid:slot_id>/                 401    403     403     200    404    200   403
DELETE /api/appointments/slots/<uuid:slot_id>/                 401    403     403     200    404    200   403
GET    /api/appointments/working-hours/                        401    403     403     200    404    200   403
PUT    /api/appointments/working-hours/                        401    403     403     200    404    200   403
GET    /api/appointments/exceptions/                           401    403     403     200    404    200   403
PUT    /api/appointments/exceptions/                           401    403     403     200    404    200   403
DELETE /api/appointments/exceptions/                           401    403     403     200    404    200   403
GET    /api/appointments/time-off/                             401    403     403     200    404    200   403
POST   /api/appointments/time-off/                             401    403     403     201    404    201   403
POST   /api/appointments/time-off/preview/                     401    403     403     200    404    200   403
DELETE /api/appointments/time-off/<uuid:time_off_id>/          401    403     403     200    404    200   403
GET    /api/appointments/holidays/                             200    200     200     200    200    200   200
GET    /api/appointments/feeds/                                401    200     200     200    200    403   403
POST   /api/appointments/feeds/                                401    201     201     201    201    403   403
DELETE /api/appointments/feeds/<uuid:feed_id>/                 401    200     404     404    404    403   403
# Who knows its address reads it.
GET    /api/appointments/feeds/<str:token>.ics                 200    200     200     200    200    200   200
GET    /api/                                                   200    200     200     200    200    200   200
GET    /api/schema/                                            200    200     200     200    200    200   200
GET    /api/docs/                                              200    200     200     200    200    200   200
"""

OPTIONS = """
# What an address is for is told to those to whom it is open, whether or not what it names is theirs.
#                                                              nobody patient other   doctor other  admin desk
#                                                                             patient        doctor
OPTIONS /api/appointments/availability/                        401    403     403     200    200    403   403
OPTIONS /api/appointments/available/                           200    200     200     200    200    200   200
OPTIONS /api/appointments/clock-report/                        401    403     403     200    200    200   200
OPTIONS /api/appointments/explain/                             200    200     200     200    200    200   200
OPTIONS /api/appointments/bookings/                            401    200     200     403    403    200   200
OPTIONS /api/appointments/bookings/<uuid:booking_id>/          401    200     200     200    200    200   200
OPTIONS /api/appointments/bookings/<uuid:booking_id>/calendar.ics 401  200     200     200    200    200   200
OPTIONS /api/appointments/bookings/<uuid:booking_id>/cancel/   401    200     200     200    200    200   200
OPTIONS /api/appointments/bookings/<uuid:booking_id>/reschedule/ 401  200     200     200    200    200   200
OPTIONS /api/appointments/bookings/<uuid:booking_id>/confirm/  401    403     403     200    200    200   200
OPTIONS /api/appointments/bookings/<uuid:booking_id>/check-in/ 401    403     403     200    200    200   200
OPTIONS /api/appointments/bookings/<uuid:booking_id>/complete/ 401    403     403     200    200    200   200
OPTIONS /api/appointments/bookings/<uuid:booking_id>/no-show/  401    403     403     200    200    200   200
OPTIONS /api/appointments/holds/                               401    200     200     403    403    403   403
OPTIONS /api/appointments/holds/<uuid:hold_id>/                401    200     200     403    403    403   403
OPTIONS /api/appointments/exceptions/                          401    403     403     200    200    200   403
OPTIONS /api/appointments/time-off/                            401    403     403     200    200    200   403
OPTIONS /api/appointments/time-off/preview/                    401    403     403     200    200    200   403
OPTIONS /api/appointments/time-off/<uuid:time_off_id>/         401    403     403     200    200    200   403
OPTIONS /api/appointments/holidays/                            200    200     200     200    200    200   200
OPTIONS /api/appointments/feeds/                               401    200     200     200    200    403   403
OPTIONS /api/appointments/feeds/<uuid:feed_id>/                401    200     200     200    200    403   403
OPTIONS /api/appointments/feeds/<str:token>.ics                200    200     200     200    200    200   200
OPTIONS /api/appointments/my-appointments/                     401    403     403     200    200    403   403
OPTIONS /api/appointments/my-bookings/                         401    200     200     403    403    403   403
OPTIONS /api/appointments/series/                              401    200     200     403    403    200   200
OPTIONS /api/appointments/series/<uuid:series_id>/             401    200     200     200    200    200   200
OPTIONS /api/appointments/series/<uuid:series_id>/cancel/      401    200     200     200    200    200   200
OPTIONS /api/appointments/chains/                              200    200     200     200    200    200   200
OPTIONS /api/appointments/chains/<uuid:chain_id>/available/    200    200     200     200    200    200   200
OPTIONS /api/appointments/chains/<uuid:chain_id>/book/         401    200     200     403    403    200   200
OPTIONS /api/appointments/waitlist/                            401    200     200     403    403    200   200
OPTIONS /api/appointments/waitlist/<uuid:entry_id>/            401    200     200     403    403    403   403
OPTIONS /api/appointments/waitlist/offers/<uuid:offer_id>/accept/  401 200    200     403    403    403   403
OPTIONS /api/appointments/waitlist/offers/<uuid:offer_id>/decline/ 401 200    200     403    403    403   403
OPTIONS /api/appointments/slots/<uuid:slot_id>/                401    403     403     200    200    200   403
OPTIONS /api/appointments/working-hours/                       401    403     403     200    200    200   403
OPTIONS /api/auth/login/                                       200    200     200     200    200    200   200
OPTIONS /api/auth/logout/                                      401    200     200     200    200    200   200
OPTIONS /api/auth/password/change/                             401    200     200     200    200    200   200
OPTIONS /api/auth/password/reset/                              200    200     200     200    200    200   200
OPTIONS /api/auth/password/reset/confirm/                      200    200     200     200    200    200   200
OPTIONS /api/auth/profile/                                     401    200     200     200    200    200   200
OPTIONS /api/auth/refresh/                                     200    200     200     200    200    200   200
OPTIONS /api/auth/register/                                    200    200     200     200    200    200   200
OPTIONS /api/clinic/                                           200    200     200     200    200    200   200
OPTIONS /api/docs/                                             405    405     405     405    405    405   405
OPTIONS /api/                                                  200    200     200     200    200    200   200
OPTIONS /api/schema/                                           200    200     200     200    200    200   200
OPTIONS /api/users/doctors/                                    200    200     200     200    200    200   200
OPTIONS /api/users/doctors/<uuid:doctor_id>/                   200    200     200     200    200    200   200
OPTIONS /api/auth/invitations/accept/                          200    200     200     200    200    200   200
OPTIONS /api/auth/invitations/show/                            200    200     200     200    200    200   200
OPTIONS /api/auth/login/second-factor/                         200    200     200     200    200    200   200
OPTIONS /api/auth/second-factor/                               401    403     403     200    200    200   200
OPTIONS /api/auth/second-factor/recovery-codes/                401    403     403     200    200    200   200
OPTIONS /api/auth/second-factor/set-up/                        200    200     200     200    200    200   200
OPTIONS /api/auth/second-factor/set-up/confirm/                200    200     200     200    200    200   200
OPTIONS /api/auth/second-factor/switch-off/                    401    403     403     200    200    200   200
OPTIONS /api/auth/email/verify/                                200    200     200     200    200    200   200
OPTIONS /api/auth/email/verify/request/                        401    200     200     200    200    200   200
OPTIONS /api/auth/sessions/                                    401    200     200     200    200    200   200
OPTIONS /api/auth/sessions/end-all/                            401    200     200     200    200    200   200
OPTIONS /api/auth/sessions/<uuid:session_id>/                  401    200     200     200    200    200   200
OPTIONS /api/users/patients/                                   401    403     403     200    200    200   200
OPTIONS /api/users/patients/<uuid:patient_id>/                 401    403     403     200    200    200   200
OPTIONS /api/users/me/export/                                  401    200     200     200    200    200   200
OPTIONS /api/users/me/close/                                   401    200     200     403    403    403   403
OPTIONS /api/users/dependants/                                 401    200     200     403    403    403   403
OPTIONS /api/users/dependants/<uuid:dependant_id>/             401    200     200     403    403    403   403
"""

PLAIN = """
# Pages that are the same for everybody, with a cookie or without: at a clinic, then at the base domain.
#                                                         GET POST HEAD OPTIONS
clinic /brand.css                                         200  405  200  405
clinic /^(?!api/|admin/|static/|book/|health/|metrics).*$ 200  405  200  405
base   /                                                  200  405  200  405
# An empty form is no sign-up, and no link is called `<str:token>`.
base   /sign-up/                                          200  400  200  405
base   /sign-up/check-your-email/                         200  405  200  405
base   /sign-up/<str:token>/                              404  404  404  405
# It leads to the console.
base   /admin/                                            302  405  302  405
base   /api/                                              200  405  200  200
base   /api/schema/                                       200  405  200  200
base   /api/docs/                                         200  405  200  405
"""

SITE = """
# The pages of both admins, for those who belong there: the clinic's admins, at the console the operators;
# and last the clinic's receptionists, who have some pages of the clinic's admin and none of the console.
# Everybody else is sent to sign in (302), where they find a page (200). 302 is no refusal for `login/`.
#                                              GET POST   receptionist
/                                              200  200   200  200
/login/                                        302  200   302  200
/logout/                                       405  200   405  200
/password_change/                              200  200   200  200
/password_change/done/                         200  405   200  405
/autocomplete/                                 200  405   403  405
/jsi18n/                                       200  405   200  405
/<app_label>/                                  200  200   404  404
# Nothing here has a page of its own elsewhere, to which this could lead.
/r/<path:content_type_id>/<path:object_id>/    404  404   404  404
/(?P<url>.*)$                                  404  404   404  404
/second-factor/                                200  200   200  200
# Who is in has entered their code, or needs none.
/second-factor/code/                           302  302   302  302
"""

DIFFERENT = """
# Pages that the two admins do not have in the same way.
#                                              GET POST   receptionist
# A clinic's admin mails a link instead.
admin   /accounts/user/<id>/password/          403  403   403  403
console /accounts/user/<id>/password/          200  200
# An operator has set it up already.
admin   /second-factor/set-up/                 200  200   200  200
console /second-factor/set-up/                 302  302
# Where clinics' files, and a clinic's own domains, are kept; an empty form is answered with the page again.
console /tenants/clinic/restore/                   200  200
console /tenants/clinic/<path:object_id>/export/   200  200
console /tenants/clinic/<path:object_id>/domains/  200  200
admin   /clinics/clinicsettings/domains/           200  200   403  403
"""

QUIET = """
# HEAD and OPTIONS are answered as GET, by every page of both admins but these.
#                                              HEAD OPTIONS
/login/                                        200  200
/logout/                                       405  200
"""

MODELS = """
# Each model's pages, GET/POST: an empty form is answered with the page again (200), 403 is a closed page.
#                                 list     add      change   delete   history
# Staff are invited, patients register.
admin   accounts/user             200/200  403/403  200/200  403/403  200/200
admin   accounts/invitation       200/200  200/200  200/403  403/403  200/200
admin   accounts/auditentry       200/200  403/403  200/403  403/403  200/200
admin   clinics/patient           200/200  200/200  200/200  403/403  200/200
admin   clinics/doctor            200/200  200/200  200/200  403/403  200/200
admin   clinics/specialty         200/200  200/200  200/200  200/302  200/200
# There is one page of settings, and the list leads to it.
admin   clinics/clinicsettings    302/302  403/403  200/200  403/403  200/200
admin   scheduling/slot           200/200  200/200  200/200  200/302  200/200
admin   scheduling/booking        200/200  200/200  200/200  403/403  200/200
admin   scheduling/datedexception 200/200  200/200  200/200  200/302  200/200
# It is taken back and given anew, not changed.
admin   scheduling/timeoff        200/200  200/200  200/403  200/302  200/200
admin   scheduling/holidaychoice  200/200  200/200  200/200  200/302  200/200
# What bookings refer to is switched off, not deleted.
admin   scheduling/visittype      200/200  200/200  200/200  403/403  200/200
admin   scheduling/chain          200/200  200/200  200/200  403/403  200/200
admin   scheduling/place          200/200  200/200  200/200  403/403  200/200
admin   scheduling/room           200/200  200/200  200/200  403/403  200/200
# Patients put themselves on it; here somebody is taken off.
admin   scheduling/waitlistentry  200/200  403/403  200/403  200/302  200/200
admin   notifications/message     200/200  403/403  200/403  403/403  200/200
console tenants/clinic            200/200  200/200  200/200  403/403  200/200
console console/signup            200/200  403/403  200/200  403/403  200/200
console accounts/auditentry       200/200  403/403  200/403  403/403  200/200
console accounts/user             200/200  200/200  200/200  403/403  200/200
"""

RECEPTION = """
# The same pages of the clinic's admin for a receptionist; those of other models are closed (403).
#                                 list     add      change   delete   history
admin   clinics/patient           200/200  200/200  200/200  403/403  200/200
# Closed behind the address that leads there.
admin   clinics/clinicsettings    302/302  403/403  403/403  403/403  403/403
admin   scheduling/slot           200/200  403/403  200/403  403/403  200/200
admin   scheduling/visittype      200/200  403/403  200/403  403/403  200/200
admin   scheduling/booking        200/200  200/200  200/200  403/403  200/200
admin   scheduling/waitlistentry  200/200  403/403  200/403  200/302  200/200
admin   notifications/message     200/200  403/403  200/403  403/403  200/200
"""

Row = tuple[str, ...]
SITES = ("admin", "console")


def rows(table: str) -> list[Row]:
    """A table's rows, word by word."""
    return [tuple(line.split()) for line in table.strip().splitlines() if not line.startswith("#")]


def _of_sites() -> tuple[dict[str, Row], dict[str, Row]]:
    """Every page of both admins, with what GET and POST give those who belong there, and the receptionist."""
    belongs: dict[str, Row] = {}
    reception: dict[str, Row] = {}
    for page, get, post, *theirs in rows(SITE):
        belongs |= {f"/{site}{page}": (get, post) for site in SITES}
        reception[f"/admin{page}"] = tuple(theirs)
    for site, page, get, post, *theirs in rows(DIFFERENT):
        belongs[f"/{site}{page}"] = (get, post)
        if theirs:
            reception[f"/{site}{page}"] = tuple(theirs)
    known = {row[:2]: row[2:] for row in rows(RECEPTION)}
    for site, model, *cells in rows(MODELS):
        belongs |= _pages_of(site, model, cells)
        if site == "admin":
            reception |= _pages_of(site, model, known.get((site, model), ["403/403"] * len(cells)))
    return belongs, reception


def _pages_of(site: str, model: str, cells: Sequence[str]) -> dict[str, Row]:
    listed, add, change, delete, history = cells
    one = f"/{site}/{model}/<path:object_id>/"
    pages = {
        f"/{site}/{model}/": listed,
        f"/{site}/{model}/add/": add,
        f"{one}change/": change,
        f"{one}delete/": delete,
        f"{one}history/": history,
        one: "302/302",  # an address of old, that leads to `change/`
    }
    return {page: tuple(cell.split("/")) for page, cell in pages.items()}


def _quietly() -> dict[str, Row]:
    """Every page of both admins, with what HEAD and OPTIONS give those who belong there."""
    told = {f"/{site}{page}": (head, options) for site in SITES for page, head, options in rows(QUIET)}
    return {page: told.get(page, (get, get)) for page, (get, _post) in SITE_ROWS.items()}


API_ROWS = {(method, address): statuses for method, address, *statuses in [*rows(API), *rows(OPTIONS)]}
PLAIN_ROWS = {address: (host, statuses) for host, address, *statuses in rows(PLAIN)}
SITE_ROWS, RECEPTION_ROWS = _of_sites()
QUIET_ROWS = _quietly()

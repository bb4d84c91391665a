"""Access matrix: the response status of every path and method of the product, for every kind of user.

A new path, or a new method of an existing one, fails the tests until it has a row own_scenario.
"""

from collections.abc import Sequence

API = """
# At a clinic. A method without a row is refused: 405, or 401 or 403 if the path is closed to the user.
# HEAD gives the same response as GET, without a body.
# A user of another clinic, with their token and cookie, and an operator of the platform count as nobody.
# "desk" is a receptionist.
#                                                              nobody patient other   doctor other  admin desk
#                                                                             patient        doctor
POST   /api/auth/register/                                     201    201     201     201    201    201   201
POST   /api/auth/login/                                        200    200     200     200    200    200   200
# Nobody has a challenge.
POST   /api/auth/login/second-factor/                          401    401     401     401    401    401   401
GET    /api/auth/second-factor/                                401    200     200     200    200    200   200
POST   /api/auth/second-factor/set-up/                         401    200     200     200    200    200   200
# 409: none of them has started to set it up. Patients may set it up too.
POST   /api/auth/second-factor/set-up/confirm/                 401    409     409     409    409    409   409
POST   /api/auth/second-factor/switch-off/                     401    409     409     409    409    409   409
POST   /api/auth/second-factor/recovery-codes/                 401    409     409     409    409    409   409
POST   /api/auth/refresh/                                      200    200     200     200    200    200   200
# Everybody with a refresh token may revoke it.
POST   /api/auth/logout/                                       401    200     200     200    200    200   200
POST   /api/auth/password/change/                              401    200     200     200    200    200   200
POST   /api/auth/password/reset/                               200    200     200     200    200    200   200
# 409: nobody has a valid link.
POST   /api/auth/password/reset/confirm/                       409    409     409     409    409    409   409
# 409: nobody has an invitation.
POST   /api/auth/invitations/show/                             409    409     409     409    409    409   409
POST   /api/auth/invitations/accept/                           409    409     409     409    409    409   409
POST   /api/auth/email-code/                                   200    200     200     200    200    200   200
# 409: no browser has requested a code.
POST   /api/auth/email-code/sign-in/                           409    409     409     409    409    409   409
POST   /api/auth/email/verify/                                 409    409     409     409    409    409   409
POST   /api/auth/email/verify/request/                         401    200     200     200    200    200   200
GET    /api/auth/email/change/                                 401    200     200     200    200    200   200
POST   /api/auth/email/change/                                 401    200     200     200    200    200   200
DELETE /api/auth/email/change/                                 401    200     200     200    200    200   200
# 409: no change of the address is pending.
POST   /api/auth/email/change/resend/                          401    409     409     409    409    409   409
# 409: no emails to them are held.
POST   /api/auth/email/resume/                                 401    409     409     409    409    409   409
# 409: nobody has a valid link.
POST   /api/auth/email/change/confirm/                         409    409     409     409    409    409   409
GET    /api/auth/sessions/                                     401    200     200     200    200    200   200
GET    /api/auth/sessions/activity/                            401    200     200     200    200    200   200
POST   /api/auth/sessions/activity/                            401    200     200     200    200    200   200
POST   /api/auth/sessions/end-all/                             401    200     200     200    200    200   200
# A session of the patient. A session of another clinic and an unknown id give 404 too.
DELETE /api/auth/sessions/<uuid:session_id>/                   401    200     404     404    404    404   404
GET    /api/auth/profile/                                      401    200     200     200    200    200   200
PUT    /api/auth/profile/                                      401    200     200     200    200    200   200
PATCH  /api/auth/profile/                                      401    200     200     200    200    200   200
GET    /api/clinic/                                            200    200     200     200    200    200   200
GET    /api/clinic/home/                                       200    200     200     200    200    200   200
# 404: there is no page of this kind, and no picture of this name.
GET    /api/clinic/legal/<str:kind>/                           404    404     404     404    404    404   404
GET    /api/clinic/pictures/<str:name>                         404    404     404     404    404    404   404
GET    /api/users/doctors/                                     200    200     200     200    200    200   200
GET    /api/users/doctors/<uuid:doctor_id>/                    200    200     200     200    200    200   200
POST   /api/users/doctors/<uuid:doctor_id>/deactivate/         401    403     403     403    403    200   403
POST   /api/users/doctors/<uuid:doctor_id>/deactivate/preview/ 401    403     403     403    403    200   403
# 404: nobody has a photo, and the doctors do not send one.
GET    /api/users/doctors/<uuid:doctor_id>/photo/<str:name>.jpg 404   404     404     404    404    404   404
PUT    /api/portal/profile/photo/                              401    403     403     415    415    403   403
DELETE /api/portal/profile/photo/                              401    403     403     200    200    403   403
GET    /api/users/patients/                                    401    403     403     200    200    200   200
# A doctor can read about patients who have a booking with them. The patient holds a time of the other doctor.
GET    /api/users/patients/<uuid:patient_id>/                  401    403     403     200    404    200   200
GET    /api/portal/patients/<uuid:patient_id>/merge/           401    403     403     403    403    200   200
POST   /api/portal/patients/<uuid:patient_id>/merge/           401    403     403     403    403    200   200
POST   /api/portal/patients/<uuid:patient_id>/merge/preview/   401    403     403     403    403    200   200
# 409: nothing was merged into the patient's record.
POST   /api/portal/patients/<uuid:patient_id>/merge/undo/      401    403     403     403    403    409   409
GET    /api/users/me/export/                                   401    200     200     200    200    200   200
GET    /api/users/me/message-preferences/                      401    200     200     403    403    403   403
PUT    /api/users/me/message-preferences/                      401    200     200     403    403    403   403
# Patients close their own accounts; the clinic deactivates accounts of staff.
GET    /api/users/me/staff-notices/                            401    403     403     200    200    200   200
PATCH  /api/users/me/staff-notices/                            401    403     403     200    200    200   200
POST   /api/users/me/close/                                    401    200     200     403    403    403   403
GET    /api/users/dependants/                                  401    200    200     403    403    403   403
POST   /api/users/dependants/                                  401    201    201     403    403    403   403
GET    /api/users/dependants/<uuid:dependant_id>/              401    200    404     403    403    403   403
PUT    /api/users/dependants/<uuid:dependant_id>/              401    200    404     403    403    403   403
PATCH  /api/users/dependants/<uuid:dependant_id>/              401    200    404     403    403    403   403
DELETE /api/users/dependants/<uuid:dependant_id>/              401    200    404     403    403    403   403
GET    /api/appointments/available/                            200    200     200     200    200    200   200
GET    /api/appointments/available/days/                       200    200     200     200    200    200   200
GET    /api/appointments/available/filters/                    200    200     200     200    200    200   200
GET    /api/appointments/available/nearest/                    200    200     200     200    200    200   200
GET    /api/appointments/waitlist/possible/                    200    200     200     200    200    200   200
GET    /api/appointments/clock-report/                         401    403     403     200    200    200   200
GET    /api/appointments/explain/                              200    200     200     200    200    200   200
# 400: admins and receptionists must name the patient.
POST   /api/appointments/bookings/                             401    201     201     403    403    400   400
GET    /api/appointments/bookings/<uuid:booking_id>/           401    200     404     200    404    200   200
GET    /api/appointments/bookings/<uuid:booking_id>/calendar.ics 401  200     404     200    404    200   200
POST   /api/appointments/bookings/<uuid:booking_id>/cancel/    401    200     404     200    404    200   200
POST   /api/appointments/bookings/<uuid:booking_id>/reschedule/ 401   200     404     200    404    200   200
POST   /api/appointments/bookings/<uuid:booking_id>/attendance/ 401   200     404     403    403    403   403
GET    /api/appointments/bookings/<uuid:booking_id>/again/     401    200     404     403    403    403   403
# 409: the clinic does not let patients check in online.
POST   /api/appointments/bookings/<uuid:booking_id>/online-check-in/ 401 409  404     403    403    403   403
GET    /api/users/me/export/readable/                          401    200     200     403    403    403   403
GET    /api/appointments/check-in/                             401    200     200     403    403    403   403
GET    /api/appointments/bookings/<uuid:booking_id>/questions/ 401    200     404     403    403    403   403
POST   /api/appointments/bookings/<uuid:booking_id>/questions/ 401    200     404     403    403    403   403
# 409: the booking is confirmed already, and has not started.
POST   /api/appointments/bookings/<uuid:booking_id>/confirm/   401    403     403     409    404    409   409
POST   /api/appointments/bookings/<uuid:booking_id>/check-in/  401    403     403     409    404    409   409
POST   /api/appointments/bookings/<uuid:booking_id>/complete/  401    403     403     409    404    409   409
POST   /api/appointments/bookings/<uuid:booking_id>/no-show/   401    403     403     409    404    409   409
GET    /api/portal/bookings/<uuid:booking_id>/                 401    403     403     200    404    200   200
GET    /api/portal/bookings/<uuid:booking_id>/messages/        401    403     403     200    404    200   200
# 409: the booking is confirmed, and has not started.
POST   /api/portal/bookings/<uuid:booking_id>/start/           401    403     403     409    404    409   409
POST   /api/portal/bookings/<uuid:booking_id>/undo/            401    403     403     409    404    409   409
# The doctor of the booking alone reads and writes the note.
GET    /api/portal/bookings/<uuid:booking_id>/notes/           401    403     403     200    404    403   403
POST   /api/portal/bookings/<uuid:booking_id>/notes/           401    403     403     201    404    403   403
# 200: a booking that the user may not see is listed as refused.
POST   /api/portal/bookings/steps/                             401    403     403     200    200    200   200
GET    /api/portal/bookings/<uuid:booking_id>/move/            401    403     403     200    404    200   200
POST   /api/portal/bookings/<uuid:booking_id>/move/            401    403     403     200    404    200   200
# 409: it was not moved.
POST   /api/portal/bookings/<uuid:booking_id>/move/undo/       401    403     403     409    404    409   409
GET    /api/portal/why-not/                                    401    403     403     200    200    200   200
# The desk names the patient, and ends holds of its own making. Nobody's holds belong to a cookie.
POST   /api/appointments/holds/                                201    201     201     403    403    400   400
DELETE /api/appointments/holds/<uuid:hold_id>/                 404    200     404     403    403    404   404
POST   /api/appointments/series/                               401    201     201     403    403    400   400
GET    /api/appointments/series/<uuid:series_id>/              401    200     404     200    404    200   200
POST   /api/appointments/series/<uuid:series_id>/cancel/       401    200     404     200    404    200   200
POST   /api/appointments/series/<uuid:series_id>/cancel/preview/ 401  200     404     200    404    200   200
GET    /api/appointments/chains/                               200    200     200     200    200    200   200
GET    /api/appointments/chains/<uuid:chain_id>/available/     200    200     200     200    200    200   200
POST   /api/appointments/chains/<uuid:chain_id>/book/          401    201     201     403    403    400   400
GET    /api/appointments/waitlist/                             401    200     200     403    403    200   200
POST   /api/appointments/waitlist/                             401    201     201     403    403    400   400
DELETE /api/appointments/waitlist/<uuid:entry_id>/             401    200     404     403    403    200   200
POST   /api/appointments/waitlist/offers/<uuid:offer_id>/accept/  401 200     404     403    403    403   403
POST   /api/appointments/waitlist/offers/<uuid:offer_id>/decline/ 401 200     404     403    403    403   403
POST   /api/appointments/waitlist/offers/<uuid:offer_id>/withdraw/ 401 403    403     403    403    200   200
GET    /api/portal/patients/                                   401    403     403     200    200    200   200
POST   /api/portal/patients/                                   401    403     403     403    403    201   201
PATCH  /api/portal/patients/<uuid:patient_id>/                 401    403     403     403    403    200   200
GET    /api/portal/choices/                                    401    403     403     200    200    200   200
GET    /api/portal/next-free/                                  401    403     403     200    200    200   200
GET    /api/portal/waitlist/                                   401    403     403     403    403    200   200
# 409: the entry has an open offer.
POST   /api/portal/waitlist/<uuid:entry_id>/offer/             401    403     403     403    403    409   409
GET    /api/portal/bookings/<uuid:booking_id>/spoken/          401    403     403     403    403    200   200
GET    /api/appointments/my-bookings/                          401    200     200     403    403    403   403
GET    /api/appointments/my-appointments/                      401    403     403     200    200    403   403
POST   /api/appointments/availability/                         401    403     403     201    201    403   403
PUT    /api/appointments/slots/<uuid:slot_id>/                 401    403     403     200    404    200   403
PATCH  /api/appointments/slots/<uuid:slot_id>/                 401    403     403     200    404    200   403
DELETE /api/appointments/slots/<uuid:slot_id>/                 401    403     403     200    404    200   403
# 404: the slot was not removed.
POST   /api/appointments/slots/<uuid:slot_id>/restore/         401    403     403     404    404    404   403
GET    /api/appointments/working-hours/                        401    403     403     200    404    200   200
PUT    /api/appointments/working-hours/                        401    403     403     200    404    200   403
POST   /api/appointments/working-hours/                        401    403     403     200    404    200   403
POST   /api/appointments/working-hours/preview/                401    403     403     200    404    200   403
GET    /api/appointments/exceptions/                           401    403     403     200    404    200   200
PUT    /api/appointments/exceptions/                           401    403     403     200    404    200   403
DELETE /api/appointments/exceptions/                           401    403     403     200    404    200   403
POST   /api/appointments/exceptions/                           401    403     403     200    404    200   403
POST   /api/appointments/exceptions/preview/                   401    403     403     200    404    200   403
# 403: doctors give their own time off. 400: the body is empty.
POST   /api/portal/absences/                                   401    403     403     403    403    400   400
POST   /api/portal/absences/preview/                           401    403     403     403    403    400   400
POST   /api/portal/absences/reach/                             401    403     403     403    403    400   400
POST   /api/portal/absences/email/                             401    403     403     403    403    400   400
POST   /api/portal/absences/messages/                          401    403     403     403    403    400   400
GET    /api/appointments/time-off/                             401    403     403     200    404    200   200
GET    /api/portal/outside-calendars/                          401    403     403     200    404    200   403
# 400 and 422: the address is private.
POST   /api/portal/outside-calendars/                          401    403     403     400    404    400   403
POST   /api/portal/outside-calendars/test/                     401    403     403     400    404    400   403
DELETE /api/portal/outside-calendars/<uuid:calendar_id>/       401    403     403     200    404    200   403
POST   /api/portal/outside-calendars/<uuid:calendar_id>/refresh/ 401  403     403     422    404    422   403
POST   /api/appointments/time-off/                             401    403     403     201    404    201   403
POST   /api/appointments/time-off/preview/                     401    403     403     200    404    200   403
GET    /api/appointments/time-off/<uuid:time_off_id>/          401    403     403     200    404    200   200
DELETE /api/appointments/time-off/<uuid:time_off_id>/          401    403     403     200    404    200   403
GET    /api/portal/calendar/                                   401    403     403     200    404    200   200
GET    /api/portal/doctors/                                    401    403     403     200    200    200   200
GET    /api/portal/hours/days/                                 401    403     403     200    404    200   200
POST   /api/portal/hours/preview-times/                        401    403     403     200    404    200   403
GET    /api/portal/slots/                                      401    403     403     200    404    200   200
GET    /api/portal/bookable/                                   401    403     403     200    404    200   200
PATCH  /api/portal/bookable/                                   401    403     403     200    404    200   403
GET    /api/appointments/holidays/                             200    200     200     200    200    200   200
GET    /api/portal/board/                                      401    403     403     200    200    200   200
GET    /api/portal/failed-messages/                            401    403     403     200    200    200   200
# 400: no patients are named.
GET    /api/portal/patient-visits/                             401    403     403     400    400    400   400
GET    /api/portal/patients/<uuid:patient_id>/visits/          401    403     403     200    404    200   200
GET    /api/portal/dashboard/                                  401    403     403     200    200    200   200
GET    /api/appointments/feeds/                                401    200     200     200    200    403   403
POST   /api/appointments/feeds/                                401    201     201     201    201    403   403
DELETE /api/appointments/feeds/<uuid:feed_id>/                 401    200     404     404    404    403   403
# Everybody who knows the URL can read it.
GET    /api/appointments/feeds/<str:token>.ics                 200    200     200     200    200    200   200
# 403: they are not signed by the clinic's provider of text messages, which needs no account.
POST   /api/text-messages/status/                              403    403     403     403    403    403   403
POST   /api/text-messages/inbound/                             403    403     403     403    403    403   403
POST   /api/text-messages/twilio/status/<uuid:text_id>/        403    403     403     403    403    403   403
POST   /api/text-messages/twilio/inbound/                      403    403     403     403    403    403   403
GET    /api/                                                   200    200     200     200    200    200   200
GET    /api/schema/                                            200    200     200     200    200    200   200
GET    /api/docs/                                              200    200     200     200    200    200   200
"""

OPTIONS = """
# OPTIONS describes a path to everybody who has access to it, whether or not the row in it is theirs.
#                                                              nobody patient other   doctor other  admin desk
#                                                                             patient        doctor
OPTIONS /api/appointments/availability/                        401    403     403     200    200    403   403
OPTIONS /api/appointments/available/                           200    200     200     200    200    200   200
OPTIONS /api/appointments/available/days/                      200    200     200     200    200    200   200
OPTIONS /api/appointments/available/filters/                   200    200     200     200    200    200   200
OPTIONS /api/appointments/available/nearest/                   200    200     200     200    200    200   200
OPTIONS /api/appointments/waitlist/possible/                   200    200     200     200    200    200   200
OPTIONS /api/appointments/clock-report/                        401    403     403     200    200    200   200
OPTIONS /api/appointments/explain/                             200    200     200     200    200    200   200
OPTIONS /api/appointments/bookings/                            401    200     200     403    403    200   200
OPTIONS /api/appointments/bookings/<uuid:booking_id>/          401    200     200     200    200    200   200
OPTIONS /api/appointments/bookings/<uuid:booking_id>/calendar.ics 401  200     200     200    200    200   200
OPTIONS /api/appointments/bookings/<uuid:booking_id>/cancel/   401    200     200     200    200    200   200
OPTIONS /api/appointments/bookings/<uuid:booking_id>/reschedule/ 401  200     200     200    200    200   200
OPTIONS /api/appointments/bookings/<uuid:booking_id>/attendance/ 401  200     200     403    403    403   403
OPTIONS /api/appointments/bookings/<uuid:booking_id>/again/     401    200     200     403    403    403   403
OPTIONS /api/appointments/bookings/<uuid:booking_id>/online-check-in/ 401 200  200     403    403    403   403
OPTIONS /api/users/me/export/readable/                          401    200     200     403    403    403   403
OPTIONS /api/appointments/check-in/                             401    200     200     403    403    403   403
OPTIONS /api/appointments/bookings/<uuid:booking_id>/questions/ 401   200     200     403    403    403   403
OPTIONS /api/appointments/bookings/<uuid:booking_id>/confirm/  401    403     403     200    200    200   200
OPTIONS /api/appointments/bookings/<uuid:booking_id>/check-in/ 401    403     403     200    200    200   200
OPTIONS /api/appointments/bookings/<uuid:booking_id>/complete/ 401    403     403     200    200    200   200
OPTIONS /api/appointments/bookings/<uuid:booking_id>/no-show/  401    403     403     200    200    200   200
OPTIONS /api/portal/bookings/<uuid:booking_id>/                401    403     403     200    200    200   200
OPTIONS /api/portal/bookings/<uuid:booking_id>/messages/       401    403     403     200    200    200   200
OPTIONS /api/portal/bookings/<uuid:booking_id>/start/          401    403     403     200    200    200   200
OPTIONS /api/portal/bookings/<uuid:booking_id>/undo/           401    403     403     200    200    200   200
OPTIONS /api/portal/bookings/<uuid:booking_id>/notes/          401    403     403     200    200    403   403
OPTIONS /api/portal/bookings/steps/                            401    403     403     200    200    200   200
OPTIONS /api/portal/bookings/<uuid:booking_id>/move/           401    403     403     200    200    200   200
OPTIONS /api/portal/bookings/<uuid:booking_id>/move/undo/      401    403     403     200    200    200   200
OPTIONS /api/portal/why-not/                                   401    403     403     200    200    200   200
OPTIONS /api/appointments/exceptions/                          401    403     403     200    200    200   200
OPTIONS /api/appointments/time-off/                            401    403     403     200    200    200   200
OPTIONS /api/appointments/holds/                               200    200     200     403    403    200   200
OPTIONS /api/appointments/holds/<uuid:hold_id>/                200    200     200     403    403    200   200
OPTIONS /api/portal/absences/                                   401    403     403     403    403    200   200
OPTIONS /api/portal/absences/preview/                           401    403     403     403    403    200   200
OPTIONS /api/portal/absences/reach/                             401    403     403     403    403    200   200
OPTIONS /api/portal/absences/email/                             401    403     403     403    403    200   200
OPTIONS /api/portal/absences/messages/                          401    403     403     403    403    200   200
OPTIONS /api/portal/outside-calendars/                          401    403     403     200    200    200   403
OPTIONS /api/portal/outside-calendars/test/                     401    403     403     200    200    200   403
OPTIONS /api/portal/outside-calendars/<uuid:calendar_id>/       401    403     403     200    200    200   403
OPTIONS /api/portal/outside-calendars/<uuid:calendar_id>/refresh/ 401  403     403     200    200    200   403
OPTIONS /api/appointments/time-off/preview/                    401    403     403     200    200    200   403
OPTIONS /api/appointments/time-off/<uuid:time_off_id>/         401    403     403     200    200    200   200
OPTIONS /api/portal/hours/days/                                401    403     403     200    200    200   200
OPTIONS /api/portal/hours/preview-times/                       401    403     403     200    200    200   403
OPTIONS /api/portal/slots/                                     401    403     403     200    200    200   200
OPTIONS /api/portal/bookable/                                  401    403     403     200    200    200   200
OPTIONS /api/appointments/holidays/                            200    200     200     200    200    200   200
OPTIONS /api/portal/board/                                     401    403     403     200    200    200   200
OPTIONS /api/portal/failed-messages/                           401    403     403     200    200    200   200
OPTIONS /api/portal/patient-visits/                            401    403     403     200    200    200   200
OPTIONS /api/portal/patients/<uuid:patient_id>/visits/         401    403     403     200    200    200   200
OPTIONS /api/portal/profile/photo/                             401    403     403     200    200    403   403
OPTIONS /api/users/doctors/<uuid:doctor_id>/photo/<str:name>.jpg 200   200     200     200    200    200   200
OPTIONS /api/portal/dashboard/                                 401    403     403     200    200    200   200
OPTIONS /api/appointments/feeds/                               401    200     200     200    200    403   403
OPTIONS /api/appointments/feeds/<uuid:feed_id>/                401    200     200     200    200    403   403
OPTIONS /api/text-messages/status/                             200    200     200     200    200    200   200
OPTIONS /api/text-messages/inbound/                            200    200     200     200    200    200   200
OPTIONS /api/text-messages/twilio/status/<uuid:text_id>/       200    200     200     200    200    200   200
OPTIONS /api/text-messages/twilio/inbound/                     200    200     200     200    200    200   200
OPTIONS /api/appointments/feeds/<str:token>.ics                200    200     200     200    200    200   200
OPTIONS /api/portal/calendar/                                  401    403     403     200    200    200   200
OPTIONS /api/portal/doctors/                                   401    403     403     200    200    200   200
OPTIONS /api/portal/patients/                                  401    403     403     200    200    200   200
OPTIONS /api/portal/patients/<uuid:patient_id>/                401    403     403     403    403    200   200
OPTIONS /api/portal/choices/                                   401    403     403     200    200    200   200
OPTIONS /api/portal/next-free/                                 401    403     403     200    200    200   200
OPTIONS /api/portal/waitlist/                                  401    403     403     403    403    200   200
OPTIONS /api/portal/waitlist/<uuid:entry_id>/offer/            401    403     403     403    403    200   200
OPTIONS /api/portal/bookings/<uuid:booking_id>/spoken/         401    403     403     403    403    200   200
OPTIONS /api/appointments/my-appointments/                     401    403     403     200    200    403   403
OPTIONS /api/appointments/my-bookings/                         401    200     200     403    403    403   403
OPTIONS /api/appointments/series/                              401    200     200     403    403    200   200
OPTIONS /api/appointments/series/<uuid:series_id>/             401    200     200     200    200    200   200
OPTIONS /api/appointments/series/<uuid:series_id>/cancel/      401    200     200     200    200    200   200
OPTIONS /api/appointments/series/<uuid:series_id>/cancel/preview/ 401 200     200     200    200    200   200
OPTIONS /api/appointments/chains/                              200    200     200     200    200    200   200
OPTIONS /api/appointments/chains/<uuid:chain_id>/available/    200    200     200     200    200    200   200
OPTIONS /api/appointments/chains/<uuid:chain_id>/book/         401    200     200     403    403    200   200
OPTIONS /api/appointments/waitlist/                            401    200     200     403    403    200   200
OPTIONS /api/appointments/waitlist/<uuid:entry_id>/            401    200     200     403    403    200   200
OPTIONS /api/appointments/waitlist/offers/<uuid:offer_id>/accept/  401 200    200     403    403    403   403
OPTIONS /api/appointments/waitlist/offers/<uuid:offer_id>/decline/ 401 200    200     403    403    403   403
OPTIONS /api/appointments/waitlist/offers/<uuid:offer_id>/withdraw/ 401 403   403     403    403    200   200
OPTIONS /api/appointments/slots/<uuid:slot_id>/                401    403     403     200    200    200   403
OPTIONS /api/appointments/slots/<uuid:slot_id>/restore/        401    403     403     200    200    200   403
OPTIONS /api/appointments/working-hours/                       401    403     403     200    200    200   200
OPTIONS /api/appointments/working-hours/preview/               401    403     403     200    200    200   403
OPTIONS /api/appointments/exceptions/preview/                  401    403     403     200    200    200   403
OPTIONS /api/auth/login/                                       200    200     200     200    200    200   200
OPTIONS /api/auth/logout/                                      401    200     200     200    200    200   200
OPTIONS /api/auth/password/change/                             401    200     200     200    200    200   200
OPTIONS /api/auth/password/reset/                              200    200     200     200    200    200   200
OPTIONS /api/auth/password/reset/confirm/                      200    200     200     200    200    200   200
OPTIONS /api/auth/profile/                                     401    200     200     200    200    200   200
OPTIONS /api/auth/refresh/                                     200    200     200     200    200    200   200
OPTIONS /api/auth/register/                                    200    200     200     200    200    200   200
OPTIONS /api/clinic/                                           200    200     200     200    200    200   200
OPTIONS /api/clinic/home/                                      200    200     200     200    200    200   200
OPTIONS /api/clinic/legal/<str:kind>/                          200    200     200     200    200    200   200
OPTIONS /api/clinic/pictures/<str:name>                        200    200     200     200    200    200   200
OPTIONS /api/docs/                                             405    405     405     405    405    405   405
OPTIONS /api/                                                  200    200     200     200    200    200   200
OPTIONS /api/schema/                                           200    200     200     200    200    200   200
OPTIONS /api/users/doctors/                                    200    200     200     200    200    200   200
OPTIONS /api/users/doctors/<uuid:doctor_id>/                   200    200     200     200    200    200   200
OPTIONS /api/users/doctors/<uuid:doctor_id>/deactivate/        401    403     403     403    403    200   403
OPTIONS /api/users/doctors/<uuid:doctor_id>/deactivate/preview/ 401   403     403     403    403    200   403
OPTIONS /api/auth/invitations/accept/                          200    200     200     200    200    200   200
OPTIONS /api/auth/invitations/show/                            200    200     200     200    200    200   200
OPTIONS /api/auth/login/second-factor/                         200    200     200     200    200    200   200
OPTIONS /api/auth/second-factor/                               401    200     200     200    200    200   200
OPTIONS /api/auth/second-factor/recovery-codes/                401    200     200     200    200    200   200
OPTIONS /api/auth/second-factor/set-up/                        200    200     200     200    200    200   200
OPTIONS /api/auth/second-factor/set-up/confirm/                200    200     200     200    200    200   200
OPTIONS /api/auth/second-factor/switch-off/                    401    200     200     200    200    200   200
OPTIONS /api/auth/email-code/                                  200    200     200     200    200    200   200
OPTIONS /api/auth/email-code/sign-in/                          200    200     200     200    200    200   200
OPTIONS /api/auth/email/verify/                                200    200     200     200    200    200   200
OPTIONS /api/auth/email/verify/request/                        401    200     200     200    200    200   200
OPTIONS /api/auth/email/change/                                401    200     200     200    200    200   200
OPTIONS /api/auth/email/resume/                                401    200     200     200    200    200   200
OPTIONS /api/auth/email/change/resend/                         401    200     200     200    200    200   200
OPTIONS /api/auth/email/change/confirm/                        200    200     200     200    200    200   200
OPTIONS /api/auth/sessions/                                    401    200     200     200    200    200   200
OPTIONS /api/auth/sessions/activity/                           401    200     200     200    200    200   200
OPTIONS /api/auth/sessions/end-all/                            401    200     200     200    200    200   200
OPTIONS /api/auth/sessions/<uuid:session_id>/                  401    200     200     200    200    200   200
OPTIONS /api/users/patients/                                   401    403     403     200    200    200   200
OPTIONS /api/users/patients/<uuid:patient_id>/                 401    403     403     200    200    200   200
OPTIONS /api/portal/patients/<uuid:patient_id>/merge/          401    403     403     403    403    200   200
OPTIONS /api/portal/patients/<uuid:patient_id>/merge/preview/  401    403     403     403    403    200   200
OPTIONS /api/portal/patients/<uuid:patient_id>/merge/undo/     401    403     403     403    403    200   200
OPTIONS /api/users/me/export/                                  401    200     200     200    200    200   200
OPTIONS /api/users/me/message-preferences/                     401    200     200     403    403    403   403
OPTIONS /api/users/me/staff-notices/                           401    403     403     200    200    200   200
OPTIONS /api/users/me/close/                                   401    200     200     403    403    403   403
OPTIONS /api/users/dependants/                                 401    200     200     403    403    403   403
OPTIONS /api/users/dependants/<uuid:dependant_id>/             401    200     200     403    403    403   403
"""

PLAIN = """
# Pages that are the same for everybody, with a cookie or without: at a clinic, then at the base domain.
#                                                         GET POST HEAD OPTIONS
clinic /brand.css                                         200  405  200  405
clinic /privacy                                           200  405  200  405
clinic /accessibility                                     200  405  200  405
clinic /terms                                             200  405  200  405
clinic /robots.txt                                        200  405  200  405
clinic /sitemap.xml                                       200  405  200  405
clinic /favicon.ico                                       200  405  200  405
clinic /manifest.webmanifest                              200  405  200  405
# No link in a message has the token `<str:token>`.
clinic /visit/confirm/<str:token>                         404  404  404  405
clinic /visit/cancel/<str:token>                          404  404  404  405
clinic /visit/move/<str:token>                            404  404  404  405
clinic /visit/questions/<str:token>                       404  404  404  405
clinic /message-preferences/<str:token>                   404  404  404  405
clinic /                                                  200  405  200  405
clinic /doctors                                           200  405  200  405
clinic /doctors/<uuid:doctor_id>                          200  405  200  405
clinic /first-available                                   200  405  200  405
# Nothing is chosen: back to the doctors.
clinic /book                                              303  303  303  405
# Without the doctor and the day in the query there is no such step.
clinic /booking/<uuid:slot_id>                            404  404  404  405
clinic /booking/<uuid:slot_id>/code                       404  404  404  405
# An empty form is refused.
clinic /sign-in                                           200  400  200  405
clinic /sign-in/code                                      200  400  200  405
clinic /register                                          200  400  200  405
clinic /sign-out                                          303  303  303  405
# The web app alone shows these: the page has nothing about anybody.
clinic /^portal(?:/.*)?$                                  200  405  200  405
clinic /forgot-password                                   200  405  200  405
clinic /reset-password                                    200  405  200  405
clinic /invitation                                        200  405  200  405
clinic /confirm-email                                     200  405  200  405
clinic /verify-email                                      200  405  200  405
clinic /schedule                                          200  405  200  405
clinic /waiting-list/<uuid:entry_id>/accept               200  405  200  405
clinic /profile/calendar                                  200  405  200  405
clinic /profile/notifications                             200  405  200  405
clinic /profile/notices                                   200  405  200  405
clinic /profile/sessions                                  200  405  200  405
clinic /profile/email                                     200  405  200  405
clinic /profile/password                                  200  405  200  405
clinic /profile/second-step                               200  405  200  405
clinic /profile/people                                    200  405  200  405
clinic /profile/people/new                                200  405  200  405
clinic /profile/people/<uuid:dependant_id>                200  405  200  405
clinic /profile/people/<uuid:dependant_id>/remove         200  405  200  405
clinic /profile/data/print                                200  405  200  405
clinic /profile/data/close                                200  405  200  405
base   /                                                  200  405  200  405
# An empty form is refused, and no link has the token `<str:token>`.
base   /sign-up/                                          200  400  200  405
base   /sign-up/check-your-email/                         200  405  200  405
base   /sign-up/<str:token>/                              404  404  404  405
# No mail service is in use in tests, so no reports are accepted.
base   /hooks/email/<slug:service>/                       404  404  404  404
# It redirects to the console.
base   /admin/                                            302  405  302  405
base   /api/                                              200  405  200  200
base   /api/schema/                                       200  405  200  200
base   /api/docs/                                         200  405  200  405
"""

PAGES = """
# Pages for patients, who are signed in with the cookie. 200 for other users is the sign-in form, or for
# staff a link to the portal. A form that is sent without signing in is redirected to the sign-in form (303).
#                                                            nobody patient other   doctor other  admin desk
#                                                                           patient        doctor
GET  /appointments                                           200    200     200     200    200    200   200
# 404: no offer or entry is named.
POST /appointments                                           303    404     404     200    200    200   200
GET  /appointments/<uuid:booking_id>                         200    200     404     200    200    200   200
POST /appointments/<uuid:booking_id>                         303    303     404     200    200    200   200
GET  /appointments/<uuid:booking_id>/cancel                  200    200     404     200    200    200   200
POST /appointments/<uuid:booking_id>/cancel                  303    303     404     200    200    200   200
GET  /appointments/<uuid:booking_id>/move                    200    200     404     200    200    200   200
GET  /appointments/<uuid:booking_id>/move/<uuid:slot_id>     200    200     404     200    200    200   200
POST /appointments/<uuid:booking_id>/move/<uuid:slot_id>     303    303     404     200    200    200   200
GET  /appointments/<uuid:booking_id>/repeat                  200    200     404     200    200    200   200
POST /appointments/<uuid:booking_id>/repeat                  303    400     404     200    200    200   200
GET  /appointments/<uuid:booking_id>/calendar.ics            200    200     404     200    200    200   200
# The user is sent to the online calendar.
GET  /appointments/<uuid:booking_id>/calendar/google         200    302     404     200    200    200   200
GET  /appointments/<uuid:booking_id>/calendar/outlook        200    302     404     200    200    200   200
GET  /appointments/<uuid:booking_id>/calendar/office365      200    302     404     200    200    200   200
GET  /check-in                                               200    200     200     200    200    200   200
# 404: no appointment is named.
POST /check-in                                               303    404     404     200    200    200   200
# 404: the query names no doctor.
GET  /booking/<uuid:slot_id>/check                           200    404     404     200    200    200   200
POST /booking/<uuid:slot_id>/check                           303    404     404     200    200    200   200
GET  /waiting-list                                           200    404     404     200    200    200   200
POST /waiting-list                                           303    404     404     200    200    200   200
GET  /profile                                                200    200     200     200    200    200   200
POST /profile                                                303    400     400     200    200    200   200
GET  /profile/data                                           200    200     200     200    200    200   200
POST /profile/data                                           303    200     200     200    200    200   200
"""

SITE = """
# The pages of both admins: first for their users (the clinic's admins; operators at the console), then for
# receptionists, who have some pages of the clinic's admin and none of the console. Everybody else is
# redirected to sign in (302), where they get a page (200). For `login/`, 302 is no refusal.
#                                              GET POST   receptionist
/                                              200  200   200  200
/login/                                        302  200   302  200
/logout/                                       405  200   405  200
/password_change/                              200  200   200  200
/password_change/done/                         200  405   200  405
/autocomplete/                                 200  405   403  405
/jsi18n/                                       200  405   200  405
/<app_label>/                                  200  200   404  404
# No object has a page outside the admin to redirect to.
/r/<path:content_type_id>/<path:object_id>/    404  404   404  404
/(?P<url>.*)$                                  404  404   404  404
/second-factor/                                200  200   200  200
# Signed-in users have entered their code, or need none.
/second-factor/code/                           302  302   302  302
"""

DIFFERENT = """
# Pages that differ between the two admins.
#                                              GET POST   receptionist
# A clinic's admin sends a link by email instead.
admin   /accounts/user/<id>/password/          403  403   403  403
console /accounts/user/<id>/password/          200  200
# An operator has set it up already.
admin   /second-factor/set-up/                 200  200   200  200
console /second-factor/set-up/                 302  302
# Pages for backups and custom domains. An empty form shows the page again.
admin   /session-activity/                         200  200   200  200
console /session-activity/                         200  200
console /health/                                   200  200
console /tenants/clinic/restore/                   200  200
console /tenants/clinic/<path:object_id>/export/   200  200
console /tenants/clinic/<path:object_id>/domains/  200  200
console /tenants/clinic/<path:object_id>/invite-admin/ 200 200
admin   /clinics/clinicsettings/domains/           200  200   403  403
admin   /clinics/clinicsettings/check-in-sign/     200  200   403  403
# An empty form shows the page again, and sends nothing.
admin   /clinics/smssettings/test/                 200  200   403  403
# An admin erases a patient. Without the tick, the page is shown again.
admin   /clinics/patient/<path:object_id>/erase/   200  200   403  403
admin   /accounts/auditentry/export/               200  200   403  403
# Buttons of a webhook: a GET leads back to its page, as does the test of one that is off.
admin   /notifications/webhookendpoint/<path:object_id>/test/    302  302   403  403
admin   /notifications/webhookendpoint/<path:object_id>/secret/  302  200   403  403
admin   /notifications/webhookendpoint/<path:object_id>/replay/  200  200   403  403
admin   /notifications/staffnotices/own/           200  200   200  200
console /accounts/auditentry/export/               200  200
admin   /notifications/message/preview/            200  200   200  200
admin   /notifications/message/preview/html/       200  200   200  200
"""

HEAD_AND_OPTIONS = """
# HEAD and OPTIONS give the same response as GET on every page of both admins except these.
#                                              HEAD OPTIONS
/login/                                        200  200
/logout/                                       405  200
"""

MODELS = """
# Each model's pages, GET/POST: an empty form shows the page again (200), 403 is a closed page.
#                                 list     add      change   delete   history
# Staff are invited, patients register.
admin   accounts/user             200/200  403/403  200/200  403/403  200/200
admin   accounts/invitation       200/200  200/200  200/403  403/403  200/200
admin   accounts/auditentry       200/200  403/403  200/403  403/403  200/200
admin   clinics/patient           200/200  200/200  200/200  403/403  200/200
admin   clinics/doctor            200/200  200/200  200/200  403/403  200/200
admin   clinics/specialty         200/200  200/200  200/200  200/302  200/200
# There is one page of settings, and the list redirects to it.
admin   clinics/clinicsettings    302/302  403/403  200/200  403/403  200/200
admin   clinics/smssettings       302/302  403/403  200/200  403/403  200/200
admin   clinics/homepage          302/302  403/403  200/200  403/403  200/200
# An empty form is valid: the standard texts are shown.
admin   clinics/legalpages        302/302  403/403  200/302  403/403  200/200
admin   scheduling/slot           200/200  200/200  200/200  200/302  200/200
admin   scheduling/booking        200/200  200/200  200/200  403/403  200/200
admin   scheduling/datedexception 200/200  200/200  200/200  200/302  200/200
# Time off is removed and added again, not changed.
admin   scheduling/timeoff        200/200  200/200  200/403  200/302  200/200
admin   scheduling/holidaychoice  200/200  200/200  200/200  200/302  200/200
# Rows that bookings refer to are deactivated, not deleted.
admin   scheduling/visittype      200/200  200/200  200/200  403/403  200/200
admin   scheduling/chain          200/200  200/200  200/200  403/403  200/200
admin   scheduling/place          200/200  200/200  200/200  403/403  200/200
admin   scheduling/room           200/200  200/200  200/200  403/403  200/200
# Patients join it themselves; the admin only removes entries.
admin   scheduling/waitlistentry  200/200  403/403  200/403  200/302  200/200
admin   notifications/message     200/200  403/403  200/403  403/403  200/200
admin   notifications/emailreport 200/200  403/403  200/403  403/403  200/200
# There is one already.
admin   notifications/emailsender 200/200  403/403  200/200  200/302  200/200
# Deleting a wording brings back the standard one.
admin   notifications/messagewording 200/200 200/200 200/200 200/302 200/200
admin   notifications/webhookendpoint 200/200 200/200 200/200 200/302 200/200
admin   notifications/staffnotices 200/200 200/200 200/200 200/302 200/200
admin   notifications/webhookdelivery 200/200 403/403 200/403 403/403 200/200
console tenants/clinic            200/200  200/200  200/200  403/403  200/200
console console/alarm             200/200  403/403  200/403  403/403  200/200
console console/signup            200/200  403/403  200/200  403/403  200/200
console accounts/auditentry       200/200  403/403  200/403  403/403  200/200
console accounts/user             200/200  200/200  200/200  403/403  200/200
"""

RECEPTIONIST = """
# The same pages of the clinic's admin for a receptionist; pages of other models are closed (403).
#                                 list     add      change   delete   history
admin   clinics/patient           200/200  200/200  200/200  403/403  200/200
admin   clinics/doctor            200/200  403/403  200/403  403/403  200/200
admin   scheduling/datedexception 200/200  403/403  200/403  403/403  200/200
admin   scheduling/timeoff        200/200  403/403  200/403  403/403  200/200
admin   scheduling/holidaychoice  200/200  403/403  200/403  403/403  200/200
admin   scheduling/slot           200/200  403/403  200/403  403/403  200/200
admin   scheduling/visittype      200/200  403/403  200/403  403/403  200/200
admin   scheduling/booking        200/200  200/200  200/200  403/403  200/200
admin   scheduling/waitlistentry  200/200  403/403  200/403  200/302  200/200
admin   notifications/message     200/200  403/403  200/403  403/403  200/200
admin   notifications/emailreport 200/200  403/403  200/403  403/403  200/200
"""

Row = tuple[str, ...]
SITES = ("admin", "console")


def rows(table: str) -> list[Row]:
    """Split a table into rows and cells."""
    return [tuple(line.split()) for line in table.strip().splitlines() if not line.startswith("#")]


def _site_rows() -> tuple[dict[str, Row], dict[str, Row]]:
    """The statuses of GET and POST for every page of both admins: for their users, and for receptionists."""
    users: dict[str, Row] = {}
    reception: dict[str, Row] = {}
    for page, get, post, *receptionist in rows(SITE):
        users |= {f"/{site}{page}": (get, post) for site in SITES}
        reception[f"/admin{page}"] = tuple(receptionist)
    for site, page, get, post, *receptionist in rows(DIFFERENT):
        users[f"/{site}{page}"] = (get, post)
        if receptionist:
            reception[f"/{site}{page}"] = tuple(receptionist)
    reception_cells = {row[:2]: row[2:] for row in rows(RECEPTIONIST)}
    for site, model, *cells in rows(MODELS):
        users |= _pages_of(site, model, cells)
        if site == "admin":
            reception |= _pages_of(site, model, reception_cells.get((site, model), ["403/403"] * len(cells)))
    return users, reception


def _pages_of(site: str, model: str, cells: Sequence[str]) -> dict[str, Row]:
    listed, add, change, delete, history = cells
    prefix = f"/{site}/{model}/<path:object_id>/"
    pages = {
        f"/{site}/{model}/": listed,
        f"/{site}/{model}/add/": add,
        f"{prefix}change/": change,
        f"{prefix}delete/": delete,
        f"{prefix}history/": history,
        prefix: "302/302",  # redirects to `change/`
    }
    return {page: tuple(cell.split("/")) for page, cell in pages.items()}


def _head_and_options_rows() -> dict[str, Row]:
    """The statuses of HEAD and OPTIONS for every page of both admins, for their users."""
    exceptions = {
        f"/{site}{page}": (head, options) for site in SITES for page, head, options in rows(HEAD_AND_OPTIONS)
    }
    return {page: exceptions.get(page, (get, get)) for page, (get, _post) in SITE_ROWS.items()}


API_LINES = [*rows(API), *rows(OPTIONS)]
API_ROWS = {(method, address): statuses for method, address, *statuses in API_LINES}
PLAIN_ROWS = {(host, address): statuses for host, address, *statuses in rows(PLAIN)}
PAGE_ROWS = {(method, address): statuses for method, address, *statuses in rows(PAGES)}
SITE_ROWS, RECEPTIONIST_ROWS = _site_rows()
HEAD_AND_OPTIONS_ROWS = _head_and_options_rows()

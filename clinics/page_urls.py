"""URLs of the pages about the clinic and its people, and of the parts of the web app that need JavaScript."""

from django.urls import path, re_path

from clinics.home_selectors import LEGAL_TITLES
from clinics.pages.home import home_page, legal
from clinics.pages.profile import profile_page
from clinics.pages.register import register_page
from clinics.pages.search_engines import favicon, robots_txt, sitemap_xml, web_manifest
from clinics.pages.sign_in_code import sign_in_code_page
from clinics.pages.web_app import portal, web_app

NEED_JAVASCRIPT = [
    "forgot-password",
    "reset-password",
    "invitation",
    "confirm-email",
    "verify-email",
    "schedule",
    "waiting-list/<uuid:entry_id>/accept",
    "profile/calendar",
    "profile/notifications",
    "profile/notices",
    "profile/sessions",
    "profile/email",
    "profile/password",
    "profile/second-step",
    "profile/people",
    "profile/people/new",
    "profile/people/<uuid:dependant_id>",
    "profile/people/<uuid:dependant_id>/remove",
    "profile/data/print",
    "profile/data/close",
]
"""Addresses of the web app that have no page of their own yet."""

urlpatterns = [
    path("", home_page, name="home"),
    *(path(kind, legal, {"kind": kind}, name=f"{kind}-page") for kind in LEGAL_TITLES),
    path("robots.txt", robots_txt, name="robots"),
    path("sitemap.xml", sitemap_xml, name="sitemap"),
    path("favicon.ico", favicon, name="favicon"),
    path("manifest.webmanifest", web_manifest, name="web-manifest"),
    path("sign-in/code", sign_in_code_page, name="sign-in-code-page"),
    path("register", register_page, name="register-page"),
    path("profile", profile_page, name="profile-page"),
    *(path(address, web_app) for address in NEED_JAVASCRIPT),
    # The staff's portal has its own page for unknown addresses.
    re_path(r"^portal(?:/.*)?$", portal, name="portal"),
]

"""The console's page on which an operator invites an admin for a clinic."""

from django.test import Client

from tenants.accounts.models import Invitation, User
from tenants.current import enter_clinic
from tenants.models import Clinic
from tests.console.test_clinic_lifecycle import LIST, send
from tests.factories.audit import audit_entries
from tests.factories.people import make_admin
from tests.factories.queue import queued_job_kinds

PERSON = {"first_name": "Noa", "last_name": "New", "email": "Noa@Staff.example"}


def test_an_operator_can_invite_an_admin_for_a_clinic_and_both_logs_say_so(
    clinic: Clinic, browser: Client, operator: User
) -> None:
    page = send(browser, f"{LIST}{clinic.pk}/invite-admin/", PERSON)

    assert "is invited to become an admin of Riverside." in page
    assert ("invited", "tenants.clinic", str(clinic.pk)) in audit_entries()
    with enter_clinic(clinic):
        invitation = Invitation.objects.get()
        assert (invitation.email, invitation.role, invitation.invited_by) == (
            "noa@staff.example",
            "admin",
            None,
        )
        assert ("invited", "accounts.invitation", str(invitation.pk)) in audit_entries()
        assert "invitation" in queued_job_kinds()


def test_an_operator_cannot_invite_somebody_who_has_an_account(clinic: Clinic, browser: Client) -> None:
    with enter_clinic(clinic):
        admin = make_admin()

    page = send(browser, f"{LIST}{clinic.pk}/invite-admin/", PERSON | {"email": admin.email})

    assert "There is already an account with this email address." in page
    with enter_clinic(clinic):
        assert Invitation.objects.count() == 0

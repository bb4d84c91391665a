"""Why two patient records cannot be merged, or a merge cannot be undone."""

from django.utils.translation import gettext_lazy as _

from tenants.base.errors import DomainError


class SamePatient(DomainError):
    """Both ids are of the same record."""

    code = "merge_same_patient"
    message = _("You chose the same record twice. Choose another record to merge.")


class AlreadyMerged(DomainError):
    """One of the records has been merged into another one, perhaps at the same time."""

    code = "already_merged"
    message = _("One of these records has been merged already. Reload the page.")
    status = 409


class OtherHasAccount(DomainError):
    """Only the record to be merged has an account."""

    code = "merge_other_has_account"
    message = _("The other record has an account, and this one has none. Keep the other record instead.")


class TwoAccounts(DomainError):
    """Both records have an account, and the request does not allow closing one."""

    code = "merge_two_accounts"
    message = _("Both records have an account. Confirm that the account of the other record will be closed.")


class StaffAccount(DomainError):
    """The account of the record to be merged belongs to a member of staff."""

    code = "merge_staff_account"
    message = _("The other record belongs to a member of staff. Keep that record instead.")


class AppointmentsOverlap(DomainError):
    """Both records have upcoming appointments at the same time. `data.pairs` names them."""

    code = "merge_appointments_overlap"
    message = _(
        "Both records have an upcoming appointment at the same time. Cancel or move one of each pair, "
        "then try again."
    )
    status = 409


class MergeOver(DomainError):
    """The merge can no longer be undone."""

    code = "merge_undo_over"
    message = _("This merge can no longer be undone. It is more than a day old or has already been undone.")
    status = 409

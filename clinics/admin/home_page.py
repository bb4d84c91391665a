"""The home page in Django Admin: its texts, opening hours and pictures, with a preview."""

import base64
from typing import Any

from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import ValidationError
from django.forms import BaseInlineFormSet, BooleanField, FileField, FileInput, ModelForm
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinics.admin.previews import PreviewChanges
from clinics.home_page_data import describe_home_page, with_names
from clinics.image_processing import MAX_BYTES, EncodedPicture
from clinics.models import ClinicPicture, HomePage, OpeningHours
from clinics.picture_files import describe_picture
from clinics.selectors import clinic_settings
from clinics.services.pictures import encode_picture, remove_picture, set_picture
from tenants.accounts.audit.admin_mixins import AuditChanges, admin_user
from tenants.base.admin import LimitedInline, SingleRow
from tenants.base.errors import InvalidInput

_KINDS = [str(kind) for kind in ClinicPicture.Kind]
_TEXTS = (
    "heading",
    "welcome",
    "urgent_note",
    "hours_note",
    "directions",
    "picture_description",
    "shows_team",
)


def _upload(label: Any, help_text: Any) -> FileField:
    """Return the field of a picture. Browsers offer only files of the formats that are accepted."""
    accept = FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"})
    return FileField(label=label, required=False, help_text=help_text, widget=accept)


def _removal() -> BooleanField:
    return BooleanField(label=gettext_lazy("Remove it"), required=False)


class HomePageForm(ModelForm[HomePage]):
    """The texts of the home page, and uploads of the clinic's pictures."""

    logo = _upload(
        gettext_lazy("Logo"),
        gettext_lazy(
            "JPEG, PNG or WebP of at most 5 MB. Shown at the top of each page, at most 44 pixels high."
        ),
    )
    icon = _upload(
        gettext_lazy("Icon"),
        gettext_lazy("A square picture for the browser's tab and the home screen of phones."),
    )
    photo = _upload(
        gettext_lazy("Picture of the clinic"),
        gettext_lazy("A wide picture of at least 600 pixels. Only show people who have agreed to it."),
    )
    remove_logo, remove_icon, remove_photo = _removal(), _removal(), _removal()

    class Meta:
        model = HomePage
        fields = _TEXTS
        widgets = {
            "welcome": AdminTextareaWidget(attrs={"rows": 8}),
            "urgent_note": AdminTextareaWidget(attrs={"rows": 4}),
            "directions": AdminTextareaWidget(attrs={"rows": 3}),
        }

    def clean(self) -> dict[str, Any]:
        """Re-encode the uploads. A file that is no picture is refused at its field."""
        data = super().clean() or {}
        self.encoded: dict[str, EncodedPicture] = {}
        for kind in _KINDS:
            upload = data.get(kind)
            if not upload:
                continue
            try:
                # One more byte than allowed, so that a larger file is refused.
                self.encoded[kind] = encode_picture(kind=kind, upload=upload.read(MAX_BYTES + 1))
            except InvalidInput as error:
                self.add_error(kind, [str(message) for message in error.errors[kind]])
        return data


class OpeningHoursFormSet(BaseInlineFormSet[OpeningHours, HomePage, ModelForm[OpeningHours]]):
    """The rows of the opening hours."""

    def clean(self) -> None:
        """Check that no two rows overlap.

        :raises ValidationError: two rows of a weekday overlap
        """
        super().clean()
        if any(self.errors):
            return
        rows: list[OpeningHours] = []
        for form in self.forms:
            if form.cleaned_data and not form.cleaned_data.get("DELETE"):
                if any(form.instance.overlaps(row) for row in rows):
                    raise ValidationError(_("These hours overlap other hours on the same day."))
                rows.append(form.instance)


class OpeningHoursInline(LimitedInline, admin.TabularInline[OpeningHours, HomePage]):
    """Opening hours: one row for each interval."""

    model = OpeningHours
    formset = OpeningHoursFormSet
    fields = ("weekday", "opens", "closes")
    extra = 1


@admin.register(HomePage)
class HomePageAdmin(SingleRow, PreviewChanges, AuditChanges, admin.ModelAdmin[HomePage]):
    """The clinic's home page: a single page instead of a list with one row."""

    audit_values = (*_TEXTS, "openinghours")
    form = HomePageForm
    change_form_template = "clinics/previewed_form.html"
    preview_template = "clinics/home/preview.html"
    inlines = (OpeningHoursInline,)
    fieldsets = (
        (gettext_lazy("Welcome"), {"fields": ("heading", "welcome", "urgent_note", "shows_team")}),
        (
            gettext_lazy("Pictures"),
            {
                "fields": (
                    ("logo", "remove_logo"),
                    ("icon", "remove_icon"),
                    ("photo", "remove_photo"),
                    "picture_description",
                )
            },
        ),
        (gettext_lazy("Finding the clinic"), {"fields": ("hours_note", "directions")}),
    )

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Show the stored pictures, and a link to the page."""
        stored = clinic_settings().pictures
        context |= {
            "pictures": [
                (ClinicPicture.Kind(kind).label, describe_picture(kind, stored[kind]))
                for kind in _KINDS
                if kind in stored
            ],
            "pages": [("/", _("Home page"))],
        }
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(
        self, request: HttpRequest, obj: HomePage, form: ModelForm[HomePage], change: bool
    ) -> None:
        """Save the texts, and set or remove the pictures."""
        super().save_model(request, obj, form, change)
        by = admin_user(request)
        for kind in _KINDS:
            if kind in form.encoded:  # type: ignore[attr-defined]  # a HomePageForm
                set_picture(kind=kind, encoded=form.encoded[kind], by=by)  # type: ignore[attr-defined]
            elif form.cleaned_data.get(f"remove_{kind}"):
                remove_picture(kind=kind, by=by)

    def preview_context(self, request: HttpRequest, obj: HomePage) -> dict[str, Any]:
        """Return the data of the page. A picture that is not stored yet is written into the page."""
        home = with_names(describe_home_page(obj, obj.opening_hours.all()))
        if home["picture"] and "photo" in request.FILES:
            file = bytes(ClinicPicture.objects.get(kind="photo").file)
            home["picture"] |= {
                "src": f"data:image/webp;base64,{base64.b64encode(file).decode()}",
                "sources": [],
            }
        return {"home": home}

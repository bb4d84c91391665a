"""Webhooks in Django Admin: the endpoints, their buttons, and the log of deliveries."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminSplitDateTime, AdminURLFieldWidget
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from notifications.models import WebhookDelivery, WebhookEndpoint, WebhookEvent
from notifications.services.webhook_endpoints import (
    change_endpoint,
    create_endpoint,
    renew_secret,
    replay,
    replay_failed,
    send_test_event,
)
from tenants.accounts.audit.admin_mixins import admin_user
from tenants.accounts.audit.services import AuditAction, write_audit_entries
from tenants.accounts.models import User
from tenants.base.admin import ReadOnly, ShowRefusals
from tenants.base.clock import now
from tenants.base.errors import DomainError


class WebhookForm(forms.ModelForm[WebhookEndpoint]):
    """An endpoint with the events that it receives."""

    url = forms.URLField(
        max_length=500,
        assume_scheme="https",
        label=gettext_lazy("URL"),
        help_text=gettext_lazy("An https address on the internet."),
        widget=AdminURLFieldWidget,
    )
    event_types = forms.MultipleChoiceField(
        choices=WebhookEvent.choices,
        widget=forms.CheckboxSelectMultiple,
        initial=list(WebhookEvent.values),
        label=gettext_lazy("Events"),
    )

    class Meta:
        model = WebhookEndpoint
        fields = ("url", "description", "event_types", "is_active")


class ReplayForm(forms.Form):
    """The time since which failed events are sent again."""

    since = forms.SplitDateTimeField(
        widget=AdminSplitDateTime, label=gettext_lazy("Send events again that failed since")
    )


def _staff(request: HttpRequest) -> User:
    """Return the signed-in clinic admin.

    :raises PermissionDenied: it is somebody else
    """
    by = admin_user(request)
    if by is None or by.role != User.Role.ADMIN:
        raise PermissionDenied
    return by


@admin.register(WebhookEndpoint)
class WebhookEndpointAdmin(ShowRefusals, admin.ModelAdmin[WebhookEndpoint]):
    """The clinic's webhooks. The services write the audit log."""

    form = WebhookForm
    change_form_template = "notifications/webhook.html"
    list_display = ("__str__", "url", "is_active", "off_because", "failing_since")
    fields = ("url", "description", "event_types", "is_active")
    state = ("off_because", "active_since", "failing_since", "failures", "paused_until")

    def get_readonly_fields(self, request: HttpRequest, obj: WebhookEndpoint | None = None) -> Any:
        """Show the state of an existing endpoint."""
        return self.state if obj else ()

    def get_fields(self, request: HttpRequest, obj: WebhookEndpoint | None = None) -> Any:
        """Return the fields of the form; a new endpoint is always active."""
        return (*self.fields, *self.state) if obj else self.fields[:3]

    def get_urls(self) -> list[URLPattern]:
        """Add the pages of the buttons."""
        pages: dict[str, Callable[..., HttpResponse]] = {
            "test": self.test_view,
            "secret": self.secret_view,
            "replay": self.replay_view,
        }
        return [
            *(
                path(
                    f"<path:object_id>/{name}/",
                    self.admin_site.admin_view(view),
                    name=f"notifications_webhookendpoint_{name}",
                )
                for name, view in pages.items()
            ),
            *super().get_urls(),
        ]

    def save_model(self, request: HttpRequest, obj: WebhookEndpoint, form: WebhookForm, change: bool) -> None:
        """Create or change the endpoint through the service."""
        given = {name: form.cleaned_data[name] for name in ("url", "description", "event_types")}
        by = _staff(request)
        if change:
            active = form.cleaned_data["is_active"]
            secret = change_endpoint(endpoint=obj, **given, is_active=active, by=by, now=now())
        else:
            created, secret = create_endpoint(**given, by=by, now=now())
            obj.pk = created.pk
        request.webhook_secret = secret  # type: ignore[attr-defined]

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> Any:
        """Show the secret of a new endpoint."""
        return self._show_secret(request, obj, vars(request)["webhook_secret"])

    def response_change(self, request: HttpRequest, obj: Any) -> Any:
        """Show the secret if the endpoint got a new one."""
        secret = vars(request).get("webhook_secret")
        return self._show_secret(request, obj, secret) if secret else super().response_change(request, obj)

    def delete_model(self, request: HttpRequest, obj: WebhookEndpoint) -> None:
        """Delete the endpoint and its deliveries."""
        write_audit_entries(what=AuditAction.REMOVED, by=_staff(request), about=[obj])
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[WebhookEndpoint]) -> None:
        """Delete the endpoints and their deliveries."""
        write_audit_entries(what=AuditAction.REMOVED, by=_staff(request), about=queryset)
        super().delete_queryset(request, queryset)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Allow deleting deliveries with their endpoint, though not on their own."""
        listed, counts, needed, protected = super().get_deleted_objects(objs, request)
        return listed, counts, needed - {WebhookDelivery._meta.verbose_name}, protected

    def _endpoint(self, request: HttpRequest, object_id: str) -> WebhookEndpoint | None:
        """Return an endpoint for a button's page; None if there is none.

        :raises PermissionDenied: the user is not an admin
        """
        _staff(request)
        return self.get_object(request, object_id)

    def test_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Send a test event."""
        endpoint = self._endpoint(request, object_id)
        if endpoint is None or request.method != "POST":
            return self._back(endpoint)
        try:
            delivery = send_test_event(endpoint=endpoint, now=now())
        except DomainError as error:
            self.message_user(request, error.message_with_details, messages.ERROR)
            return self._back(endpoint)
        self.message_user(request, _("A test event is being sent. Reload the page to see the result."))
        return redirect("admin:notifications_webhookdelivery_change", delivery.pk)

    def secret_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Create a new secret and show it."""
        endpoint = self._endpoint(request, object_id)
        if endpoint is None or request.method != "POST":
            return self._back(endpoint)
        return self._show_secret(request, endpoint, renew_secret(endpoint=endpoint, by=_staff(request)))

    def replay_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask since when failed events are to be sent again, and send them."""
        endpoint = self._endpoint(request, object_id)
        if endpoint is None:
            return self._back(endpoint)
        form = ReplayForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            since, by = form.cleaned_data["since"], _staff(request)
            try:
                count = replay_failed(endpoint=endpoint, since=since, by=by, now=now())
            except DomainError as error:
                self.message_user(request, error.message_with_details, messages.ERROR)
                return self._back(endpoint)
            self.message_user(request, _replayed(count), messages.SUCCESS)
            return self._back(endpoint)
        context = self._context(request, endpoint) | {"form": form, "title": _("Send failed events again")}
        return TemplateResponse(request, "notifications/webhook_replay.html", context)

    def _show_secret(self, request: HttpRequest, endpoint: WebhookEndpoint, secret: str) -> HttpResponse:
        """Return the page that shows a secret. It is not stored anywhere that it could be read again."""
        context = self._context(request, endpoint) | {"secret": secret, "title": _("Secret of the webhook")}
        page = TemplateResponse(request, "notifications/webhook_secret.html", context)
        page["Cache-Control"] = "no-store"
        return page

    def _context(self, request: HttpRequest, endpoint: WebhookEndpoint) -> dict[str, Any]:
        return {**self.admin_site.each_context(request), "opts": self.opts, "endpoint": endpoint}

    def _back(self, endpoint: WebhookEndpoint | None) -> HttpResponse:
        if endpoint is None:
            return redirect("admin:notifications_webhookendpoint_changelist")
        return redirect("admin:notifications_webhookendpoint_change", endpoint.pk)


def _replayed(count: int) -> str:
    text = ngettext("%(count)d event will be sent again.", "%(count)d events will be sent again.", count)
    return text % {"count": count}


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(ReadOnly, ShowRefusals, admin.ModelAdmin[WebhookDelivery]):
    """The log of deliveries."""

    list_display = ("event_type", "happened_at", "endpoint", "status", "attempts", "last_status")
    list_filter = ("status", "event_type", "endpoint")
    list_select_related = ("endpoint",)
    search_fields = ("event_id__exact", "stream__exact")
    date_hierarchy = "happened_at"
    actions = ("send_again",)
    fields = (
        "event_type",
        "event_id",
        "endpoint",
        "happened_at",
        "status",
        "attempts",
        "last_attempt_at",
        "next_attempt_at",
        "last_status",
        "last_answer",
        "body",
    )

    @admin.action(description=gettext_lazy("Send selected events again"))
    def send_again(self, request: HttpRequest, queryset: QuerySet[WebhookDelivery]) -> None:
        """Send the selected events again, all or none."""
        by, moment = _staff(request), now()
        selected: dict[Any, list[Any]] = {}
        for pk, endpoint_id in queryset.order_by("pk").values_list("pk", "endpoint_id"):
            selected.setdefault(endpoint_id, []).append(pk)
        endpoints = WebhookEndpoint.objects.in_bulk(selected)
        count = sum(
            replay(endpoint=endpoints[key], deliveries=pks, by=by, now=moment)
            for key, pks in selected.items()
        )
        self.message_user(request, _replayed(count), messages.SUCCESS)

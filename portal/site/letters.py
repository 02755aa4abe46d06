"""Letters about pages in moderation: Wagtail writes them, the outbox sends them after the commit, as all others."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django.template.loader import render_to_string
from django.utils.translation import override
from wagtail.admin.mail import (
    GroupApprovalTaskStateSubmissionEmailNotifier,
    WorkflowStateApprovalEmailNotifier,
    WorkflowStateRejectionEmailNotifier,
    WorkflowStateSubmissionEmailNotifier,
)
from wagtail.models import TaskState, WorkflowState
from wagtail.signals import task_submitted, workflow_approved, workflow_rejected, workflow_submitted

from portal.kernel.outbox import mail


class ByOutbox:
    """In place of the library's own sending, which speaks to the server of mail while the page waits."""

    def send_emails(
        self, template_set: dict[str, str], context: dict[str, Any], recipients: Iterable[Any], **_news: Any
    ) -> bool:
        for recipient in recipients:
            told = {**context, "user": recipient}
            with override(recipient.wagtail_userprofile.get_preferred_language()):
                subject = render_to_string(template_set["subject"], told).strip()
                text = render_to_string(template_set["text"], told).strip()
            mail(f"site:moderation:{uuid4().hex}", to=[recipient.email], subject=subject, text=text)
        return True


class AskedToApprove(ByOutbox, GroupApprovalTaskStateSubmissionEmailNotifier): ...


class Submitted(ByOutbox, WorkflowStateSubmissionEmailNotifier): ...


class Approved(ByOutbox, WorkflowStateApprovalEmailNotifier): ...


class SentBack(ByOutbox, WorkflowStateRejectionEmailNotifier): ...


_KEPT = (AskedToApprove(), Submitted(), Approved(), SentBack())


def take_over_letters() -> None:
    """Connect our notifiers under the names of the library's, which then are not connected: the first one stays."""
    asked, submitted, approved, back = _KEPT
    task_submitted.connect(asked, sender=TaskState, dispatch_uid="group_approval_task_submitted_email_notification")
    for signal, notifier, name in (
        (workflow_submitted, submitted, "submitted"),
        (workflow_rejected, back, "rejected"),
        (workflow_approved, approved, "approved"),
    ):
        signal.connect(notifier, sender=WorkflowState, dispatch_uid=f"workflow_state_{name}_email_notification")

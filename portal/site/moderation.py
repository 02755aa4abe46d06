"""Who checks pages before they are published: editors submit, administrators approve or send back."""

from __future__ import annotations

from typing import Final

from django.contrib.auth.models import Group
from django.db import transaction
from wagtail.models import GroupApprovalTask, Page, Workflow, WorkflowPage, WorkflowTask

from portal.accounts.enums import Role

NAME: Final = "Перевірка перед публікацією"
TASK: Final = "Прочитати й погодити"
# what Wagtail's first migrations leave behind: its moderators are nobody here
STOCK: Final = "Moderators approval"


@transaction.atomic
def make_moderation() -> Workflow | None:
    """Assign one step of approval to the whole tree, once; a workflow that administrators put there instead stays."""
    root = Page.get_first_root_node()
    assigned = WorkflowPage.objects.select_related("workflow").filter(page=root).first() if root else None
    if root is None or (assigned and assigned.workflow.name != STOCK):
        return None
    group, _created = Group.objects.get_or_create(name=Role.ADMINISTRATOR.value)
    workflow = Workflow.objects.create(name=NAME)
    task = GroupApprovalTask.objects.create(name=TASK)
    task.groups.set([group])
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    if assigned:
        assigned.workflow.active = False
        assigned.workflow.save(update_fields=["active"])
        assigned.delete()
    WorkflowPage.objects.create(workflow=workflow, page=root)
    return workflow

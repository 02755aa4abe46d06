"""Who may do what with the words of the search; every surface asks these predicates."""

from __future__ import annotations

import rules

from registry.rules import is_active_official, is_administrator, is_auditor, is_editor

can_edit_search = is_active_official & (is_administrator | is_editor)
can_view_search = is_active_official & (is_administrator | is_editor | is_auditor)

rules.add_perm("search.edit_search", can_edit_search)
rules.add_perm("search.view_search", can_view_search)

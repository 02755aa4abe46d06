"""Monitoring: visits, checklists, findings followed to their elimination, notices."""

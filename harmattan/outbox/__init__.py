"""Outgoing mail: written with the fact it tells, sent later by the worker."""

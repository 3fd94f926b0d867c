"""Threads between customers and services: messages, files, internal notes, answer-by clocks, mails sent."""

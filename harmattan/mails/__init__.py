"""Mail as people see it: what the portal sent and its state, what comes in, and who wants which mails."""

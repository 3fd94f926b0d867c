"""Customer accounts as our services look after them: who has access, who was invited, who did what."""

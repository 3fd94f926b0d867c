"""The people of an account: who may do what, until when; one's own password and sessions."""

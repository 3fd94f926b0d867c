"""The contact form: a subject leads to the service that answers it."""

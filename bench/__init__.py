"""How fast the portal is beside a bare Flask page, in one run on one machine (`make bench`)."""

"""Tests of the bank's statement."""

"""Tests of the site as a whole: every route, every page, every fragment."""

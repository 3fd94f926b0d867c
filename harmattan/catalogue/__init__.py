"""Titles: found by ISBN and by words, shown with what they cost and when they can be had."""

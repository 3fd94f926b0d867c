"""Orders: checked, placed once, tracked; their life until delivery."""

"""What every area stands on: database, answers, clock, money, settings. Knows no area."""

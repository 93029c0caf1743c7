"""What filterd decides: relay control, content rules, verdicts, alarms. PURE."""

"""What changed on the latest days: every store's metrics watched night by night, with few false alarms."""

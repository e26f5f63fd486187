"""Whole lists translated in the background: started, seen, paused, resumed, cancelled."""

"""The window, the tray and what they draw. The only room that knows Qt."""

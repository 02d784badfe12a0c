"""What is seen: the app, its panes and widgets."""

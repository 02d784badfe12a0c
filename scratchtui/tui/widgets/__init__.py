"""Widgets that draw the plain-data views, cell by cell."""

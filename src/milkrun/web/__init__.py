"""The HTML door for staff: server-rendered pages, one folder an area, each with its views, templates and scripts."""

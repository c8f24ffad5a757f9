"""Settings, URLs and the WSGI entry: the only package that knows everybody."""

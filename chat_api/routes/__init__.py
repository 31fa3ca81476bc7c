"""The routes of the service, one file a kind of thing."""

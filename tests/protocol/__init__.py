"""A local server that speaks the protocols of the connectors and misbehaves on command."""

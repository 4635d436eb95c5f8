"""The kernel of Tierline: settings, errors, log, clock and run identity, warehouse; it imports no other room."""

__version__ = "0.1.0"

"""The way to the Hub: the connection, the proof of who the Runner is, and the spool of events on their way."""

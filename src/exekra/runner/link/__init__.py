"""The link to the Hub: the connection, the authentication of the Runner, and the spool of events."""

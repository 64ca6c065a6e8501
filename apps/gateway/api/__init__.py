"""HTTP in, the door's answers out. No rule of the domain lives here."""

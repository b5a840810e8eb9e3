"""What Apache MXNet 1.9.1, retired, needs on today's machines."""

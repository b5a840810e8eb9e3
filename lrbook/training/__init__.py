"""The data, the network and the loop that trains it; nothing here knows of recorded runs."""

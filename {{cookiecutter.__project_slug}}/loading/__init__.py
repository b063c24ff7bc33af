"""From files to batches: how --data is read, split and put in order."""

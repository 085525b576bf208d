"""What every server of the program has: who may call it, how it listens, how long a client may keep it waiting, how it ends."""

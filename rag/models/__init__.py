"""The models of the installation: where they lie, and what of the machine they may use."""

"""What a user can ask for: plain functions, the same for window and command line."""

"""The errors that a person can put right."""


class UserError(Exception):
    """Something that only the user can put right: shown as one line, with exit code 2."""


class WriteError(UserError, OSError):
    """A file cannot be written. Where one can do without it, it is caught as any OSError is."""

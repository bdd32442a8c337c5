"""Everything that runs beside student code, and nothing else: no check, no expected value, no verdict."""

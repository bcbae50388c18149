"""The members of values: properties, methods, static members, and how objects are made."""

"""Kinds of values: types of objects, enumerations, dates as texts, encodings."""

"""Judges a value by a JSON Schema: the part of draft 7 that our schemas use, nothing silently."""

KNOWN = {
    *("$schema", "title", "description", "type", "enum", "const", "anyOf", "allOf", "items"),
    *("properties", "required", "additionalProperties", "minimum", "maximum", "maxLength"),
}
TYPES = {
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "null": lambda value: value is None,
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
}


def faults(value, schema, *, closed=False, at="$"):
    """Yield what is wrong with a value; ``closed`` takes no field that the schema does not name."""
    assert schema.keys() <= KNOWN, f"{at}: the judge does not know {schema.keys() - KNOWN}"
    if "type" in schema and not TYPES[schema["type"]](value):
        yield f"{at}: {value!r} is no {schema['type']}"
        return
    if "enum" in schema and not any(value == one for one in schema["enum"]):
        yield f"{at}: {value!r} is none of the words"
    if "const" in schema and (value != schema["const"] or isinstance(value, bool)):
        yield f"{at}: {value!r} is not {schema['const']!r}"
    for part in schema.get("allOf", ()):
        yield from faults(value, part, at=at)
    if "anyOf" in schema:
        tried = [list(faults(value, one, closed=closed, at=at)) for one in schema["anyOf"]]
        if all(tried):
            yield min(tried, key=len)[0]
    if TYPES["integer"](value) and not low_to_high(value, schema):
        yield f"{at}: {value} is out of bounds"
    if isinstance(value, str) and len(value) > schema.get("maxLength", len(value)):
        yield f"{at}: too long"
    if isinstance(value, list) and "items" in schema:
        for place, item in enumerate(value):
            yield from faults(item, schema["items"], closed=closed, at=f"{at}[{place}]")
    if isinstance(value, dict):
        yield from _of_table(value, schema, closed=closed, at=at)


def low_to_high(value, schema):
    return schema.get("minimum", value) <= value <= schema.get("maximum", value)


def _of_table(value, schema, *, closed, at):
    for key in schema.get("required", ()):
        if key not in value:
            yield f"{at}: `{key}` is missing"
    rest = schema.get("additionalProperties", not (closed and "properties" in schema))
    for key, item in value.items():
        inner = schema.get("properties", {}).get(key, rest)
        if inner is False:
            yield f"{at}: unknown key `{key}`"
        elif inner is not True:
            yield from faults(item, inner, closed=closed, at=f"{at}.{key}")

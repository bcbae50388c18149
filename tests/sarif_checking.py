"""Judges SARIF logs: by the official JSON Schema where it is at hand, by readers' limits always.

``RELAYSIM_SARIF_SCHEMA`` names the file ``sarif-schema-2.1.0.json`` as OASIS publishes it: its
terms do not say that it may be copied into another project.
"""

import gzip
import json
import os
import re
from pathlib import Path
from urllib.parse import urlsplit

from tests.schema_checking import TYPES

SCHEMA = os.environ.get("RELAYSIM_SARIF_SCHEMA")
_KNOWN = {
    *("$schema", "title", "id", "description", "default", "definitions", "$ref", "type", "format"),
    *("properties", "required", "additionalProperties", "items", "minItems", "uniqueItems"),
    *("enum", "anyOf", "oneOf", "minimum", "maximum", "pattern"),
}
_TYPES = TYPES | {"number": lambda value: isinstance(value, int | float)}


def official_faults(log):
    """Yield what the official schema says against a log, if it is at hand."""
    if SCHEMA is not None:
        whole = json.loads(Path(SCHEMA).read_text("utf-8"))
        yield from _faults(log, whole, whole, "$")


def _faults(value, schema, whole, at):
    assert schema.keys() <= _KNOWN, f"{at}: the judge does not know {schema.keys() - _KNOWN}"
    if "$ref" in schema:
        name = schema["$ref"].removeprefix("#/definitions/")
        yield from _faults(value, whole["definitions"][name], whole, at)
    wanted = schema.get("type", ())
    wanted = [wanted] if isinstance(wanted, str) else wanted
    if wanted and not any(_TYPES[one](value) for one in wanted):
        yield f"{at}: {value!r} is no {wanted}"
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{at}: {value!r} is none of the words"
    for key, least in (("anyOf", 1), ("oneOf", 1)):
        fits = [not list(_faults(value, one, whole, at)) for one in schema.get(key, ())]
        if fits and (sum(fits) < least or (key == "oneOf" and sum(fits) != 1)):
            yield f"{at}: {sum(fits)} of {key} fit"
    yield from _of_scalar(value, schema, at)
    if isinstance(value, list):
        yield from _of_list(value, schema, whole, at)
    if isinstance(value, dict):
        yield from _of_table(value, schema, whole, at)


def _of_scalar(value, schema, at):
    if isinstance(value, str):
        if "pattern" in schema and not re.search(schema["pattern"], value):
            yield f"{at}: {value!r} is not of its pattern"
        if schema.get("format") in ("uri", "uri-reference"):
            split = urlsplit(value)
            if " " in value or (schema["format"] == "uri" and not split.scheme):
                yield f"{at}: {value!r} is no {schema['format']}"
    if isinstance(value, int | float) and not isinstance(value, bool):
        low, high = schema.get("minimum", value), schema.get("maximum", value)
        if not low <= value <= high:
            yield f"{at}: {value} is out of bounds"


def _of_list(value, schema, whole, at):
    if len(value) < schema.get("minItems", 0):
        yield f"{at}: too few items"
    if schema.get("uniqueItems"):
        texts = [json.dumps(item, sort_keys=True) for item in value]
        if len(set(texts)) != len(texts):
            yield f"{at}: the same item twice"
    for place, item in enumerate(value):
        yield from _faults(item, schema.get("items", {}), whole, f"{at}[{place}]")


def _of_table(value, schema, whole, at):
    for key in schema.get("required", ()):
        if key not in value:
            yield f"{at}: `{key}` is missing"
    rest = schema.get("additionalProperties", True)
    for key, item in value.items():
        inner = schema.get("properties", {}).get(key, rest)
        if inner is False:
            yield f"{at}: unknown key `{key}`"
        elif inner is not True:
            yield from _faults(item, inner, whole, f"{at}.{key}")


def limit_faults(log):
    """Yield what GitHub code scanning and Azure DevOps would refuse, cut or not show."""
    if len(gzip.compress(json.dumps(log).encode())) > 10_000_000:
        yield "more than 10 MB when packed"
    if len(log["runs"]) > 20:
        yield "more than 20 runs"
    for run in log["runs"]:
        rules = run["tool"]["driver"]["rules"]
        if len(rules) > 25_000 or len(run["results"]) > 25_000:
            yield "more than 25,000 rules or results"
        for rule in rules:
            yield from _rule_faults(rule)
        prints = []
        for result in run["results"]:
            yield from _result_faults(result, rules)
            prints.append(result["partialFingerprints"]["primaryLocationLineHash"])
        if len(set(prints)) != len(prints):
            yield "two results with one fingerprint"


def _rule_faults(rule):
    for name in ("shortDescription", "fullDescription", "help"):
        if not 0 < len(rule[name]["text"]) <= 1024:
            yield f"{rule['id']}: {name} is empty, or longer than 1,024 characters"
    if len(rule.get("properties", {}).get("tags", ())) > 10:
        yield f"{rule['id']}: more than 10 tags"
    severity = rule.get("properties", {}).get("security-severity", "5.0")
    if not isinstance(severity, str) or not 0.0 < float(severity) <= 10.0:
        yield f"{rule['id']}: security-severity {severity!r}"


def _result_faults(result, rules):
    id_ = result["ruleId"]
    if rules[result["ruleIndex"]]["id"] != id_:
        yield f"{id_}: another rule's index"
    if not result["message"]["text"].strip():
        yield f"{id_}: no message"
    if not 0 < len(result["locations"]) <= 100:
        yield f"{id_}: {len(result['locations'])} locations"
    physical = result["locations"][0]["physicalLocation"]
    region = physical["region"]
    if not physical["artifactLocation"]["uri"] or region["startLine"] < 1:
        yield f"{id_}: no position"

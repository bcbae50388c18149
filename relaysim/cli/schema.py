"""``relaysim schema``: the JSON Schema of a file that people edit, or of a document."""

import click

from relaysim.cli.exits import ANSWERED
from relaysim.cli.options.output import Output, write_out
from relaysim.errors import InvalidInput, closest

__all__ = ["command"]


@click.command(name="schema")
@click.argument("name", metavar="NAME", required=False)
@click.option(
    "-o", "--to", "file", metavar="FILE", help="Write the schema here; default: to stdout."
)
def command(name: str | None, file: str | None) -> int:
    """Print the JSON Schema of a file or a document; without NAME the names there are.

    An editor that knows TOML completes and checks a file whose first line names its schema:
    `#:schema ./relaysim-server.schema.json`.

    Example: relaysim schema server -o relaysim-server.schema.json
    """
    from relaysim.schema.names import SCHEMAS, schema_named

    if name is None:
        write_out(Output("text", file), "\n".join(SCHEMAS) + "\n")
        return ANSWERED
    if name.casefold() not in SCHEMAS:
        near = closest(name, SCHEMAS)
        hint = f"did you mean `{near}`? " if near else ""
        raise InvalidInput(
            f"there is no schema `{name}`", hint=f"{hint}one of {', '.join(SCHEMAS)}"
        )
    from relaysim.render.answers.jsondoc import dump

    write_out(Output("json", file), dump(schema_named(name.casefold())))
    return ANSWERED

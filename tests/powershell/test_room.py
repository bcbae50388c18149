"""The language is a room of its own: it knows nothing of mail, and its modules form no circle."""

import ast
from pathlib import Path

import pytest

ROOM = Path(__file__).parent.parent.parent / "relaysim" / "powershell"
MODULES = sorted(ROOM.rglob("*.py"))


def dotted(path):
    return ".".join(path.relative_to(ROOM.parent.parent).with_suffix("").parts)


def imports(path):
    """Return the modules of the room that a module imports, for type checking too."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(
            "relaysim.powershell"
        ):
            found.add(node.module)
    return found


@pytest.mark.parametrize("path", MODULES, ids=dotted)
def test_no_module_of_the_language_speaks_of_mail_servers(path):
    text = path.read_text("utf-8").casefold()
    for word in ("exchange", "connector", "ms-exch"):
        assert word not in text, f"{path.name} says {word!r}"


def test_no_module_of_the_language_imports_itself_by_a_detour():
    graph = {dotted(path).removesuffix(".__init__"): imports(path) for path in MODULES}
    done = set()

    def follow(module, way):
        assert module not in way, "a circle: " + " -> ".join([*way[way.index(module) :], module])
        if module in done:
            return
        for target in sorted(graph.get(module, ())):
            follow(target, [*way, module])
        done.add(module)

    for module in graph:
        follow(module, [])
    assert len(done) > 30

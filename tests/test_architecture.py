"""The house is built as planned: who imports whom, how large a module is, what start-up loads."""

import ast
import functools
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

PACKAGE = Path(__file__).parent.parent / "relaysim"
MODULES = sorted(PACKAGE.rglob("*.py"))

MODEL = {"errors", "lean", "net", "model"}
ENGINE = MODEL | {"engine"}
ANALYSIS = ENGINE | {"analysis"}
SHELL = MODEL | {"powershell", "management_shell"}
CONFIG = SHELL | {"importers", "builtin", "config"}
SCENARIO = ANALYSIS | CONFIG | {"smtp", "scenario"}
MAY_IMPORT = {
    "errors": {"errors", "likeness"},
    "likeness": {"likeness"},
    "lean": {"lean"},
    "writing": {"errors", "writing"},
    "crew": {"errors", "crew"},
    "net": {"errors", "lean", "net"},
    "model": MODEL,
    "engine": ENGINE,
    "analysis": ANALYSIS,
    "powershell": {"errors", "lean", "net", "powershell"},
    "management_shell": MODEL | {"powershell", "management_shell"},
    "smtp": ENGINE | {"smtp"},
    "batch": ENGINE | {"crew", "writing", "batch", "render"},
    "replay": SCENARIO | {"crew", "suggest", "replay"},
    "backend": SCENARIO | {"policy", "render", "writing", "backend", "__init__"},
    "importers": MODEL | {"importers"},
    "builtin": MODEL | {"builtin"},
    "config": CONFIG,
    "scenario": SCENARIO,
    "render": SCENARIO | {"replay", "suggest", "render"},
    "schema": SCENARIO | {"schema"},
    "policy": ANALYSIS | CONFIG | {"policy"},
    "suggest": ANALYSIS | {"suggest"},
    "serving": SCENARIO | {"render", "serving"},
    "cli": SCENARIO
    | {
        "crew",
        "schema",
        "render",
        "writing",
        "batch",
        "replay",
        "policy",
        "suggest",
        "backend",
        "serving",
        "cli",
        "__init__",
    },
    "pytest_plugin": SCENARIO | {"render", "serving"},
    "__init__": SCENARIO | {"serving"},
    "__main__": {"cli"},
}
"""Part of the package to the parts it may import."""

MOST_IN_A_ROOM = 16

FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "core", "base", "types", "misc"}


def part_of(module):
    """Return the part a module belongs to: its folder, or its own name at the top."""
    relative = module.relative_to(PACKAGE)
    return relative.parts[0] if len(relative.parts) > 1 else relative.stem


def name_of(module):
    return str(module.relative_to(PACKAGE.parent))


class Read(NamedTuple):
    """What the tests ask of a module; a tree kept for each would slow down every later test."""

    imports: list[tuple[int, str]]
    """(line, dotted name) of everything it imports, inside functions too."""

    names: set[tuple[str, str]]
    """(module, name) of every `from` import; one for the type checker alone is an arrow too."""

    classes: list[str]


@functools.cache
def read(module):
    nodes = list(ast.walk(ast.parse(module.read_text("utf-8"))))
    names = {
        (node.module, alias.name)
        for node in nodes
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
    }
    # What `later` stands for is run when it is called.
    for node in nodes:
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "later":
            _, origin, words = map(ast.unparse, node.args)
            names |= {(ast.literal_eval(origin), one) for one in ast.literal_eval(words).split()}
    classes = [node.name for node in nodes if isinstance(node, ast.ClassDef)]
    return Read(_imported(module, nodes), names, classes)


def _imported(module, nodes):
    found = []
    for node in nodes:
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(module)}:{node.lineno}: a relative import"
            base = node.module or ""
            if base == "relaysim":
                # `from relaysim import net` names a part, `... import evaluate` the package.
                parts = [a.name if (PACKAGE / a.name).is_dir() else "" for a in node.names]
                found += [(node.lineno, f"relaysim.{p}" if p else base) for p in parts]
            else:
                found.append((node.lineno, base))
    return found


def test_there_is_something_to_check():
    assert len(MODULES) > 20
    assert {part_of(module) for module in MODULES} <= set(MAY_IMPORT)


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_imports_point_one_way(module):
    allowed = MAY_IMPORT[part_of(module)]
    for line, name in read(module).imports:
        first, _, rest = name.partition(".")
        if first == "relaysim":
            part = rest.partition(".")[0] or "__init__"
            assert part in allowed, f"{name_of(module)}:{line}: imports {name}"


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_only_the_outer_parts_use_third_party_code(module):
    allowed = set(sys.stdlib_module_names) | {"relaysim"}
    allowed.discard("ipaddress")
    if part_of(module) == "cli":
        allowed |= {"click", "rich"}
    if part_of(module) == "pytest_plugin":
        allowed.add("pytest")
    if part_of(module) == "render" and module.stem.startswith("terminal"):
        allowed.add("rich")
    for line, name in read(module).imports:
        assert name.partition(".")[0] in allowed, f"{name_of(module)}:{line}: imports {name}"


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_a_module_is_small_and_named_for_what_it_does(module):
    assert len(module.read_text("utf-8").splitlines()) <= 400
    assert module.stem not in FORBIDDEN_NAMES
    assert module.parent.name not in FORBIDDEN_NAMES
    if not module.stem.startswith("__"):
        assert module.stem not in sys.stdlib_module_names, "shadows the standard library"
    for folder in module.relative_to(PACKAGE).parts[:-1]:
        assert folder not in sys.stdlib_module_names, "shadows the standard library"


def test_importing_the_package_stays_light():
    heavy = {"click", "rich", "ipaddress"}
    code = f"import sys, relaysim; print(sorted({heavy!r} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=PACKAGE.parent,
    )
    assert done.stdout == "[]\n"


def test_a_line_of_a_script_loads_what_it_names_and_no_more():
    code = (
        "import sys\n"
        "from relaysim.management_shell import run\n"
        "from relaysim.model.organization import one_server\n"
        "run('Get-ReceiveConnector', one_server())\n"
        "print(*sorted(name for name in sys.modules if 'cmdlets.' in name))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=PACKAGE.parent,
    )
    room = "relaysim.management_shell.cmdlets"
    assert done.stdout.split() == [f"{room}.{name}" for name in ("identities", "later", "showing")]


def arrows():
    """Return module to the modules it imports: at the top, inside a function, for its types."""
    names = {
        name_of(m)[: -len(".py")].replace("/", ".").removesuffix(".__init__"): m for m in MODULES
    }
    found = {}
    for name, module in names.items():
        targets = set()
        for origin, imported in read(module).names:
            full = f"{origin}.{imported}"
            targets.add(full if full in names else origin)
        found[name] = {target for target in targets if target in names and target != name}
    return found


def test_no_module_imports_itself_by_a_detour():
    reached = {name: set(targets) for name, targets in arrows().items()}
    assert sum(map(len, reached.values())) > 500
    while True:
        circles = sorted(name for name, targets in reached.items() if name in targets)
        assert circles == [], "these import each other"
        more = {
            name: targets.union(*(reached[target] for target in targets))
            for name, targets in reached.items()
        }
        if more == reached:
            break
        reached = more


def test_a_class_name_means_one_thing():
    defined: dict[str, list[str]] = {}
    for module in MODULES:
        for name in read(module).classes:
            defined.setdefault(name, []).append(name_of(module))
    assert len(defined) > 300
    assert {name: where for name, where in defined.items() if len(where) > 1} == {}


def test_a_room_can_be_taken_in_at_a_glance():
    """About fifteen modules; where it grows past that, it holds two things."""
    sizes: dict[str, int] = {}
    for module in MODULES:
        if module.stem != "__init__":
            folder = str(module.parent.relative_to(PACKAGE.parent))
            sizes[folder] = sizes.get(folder, 0) + 1
    assert {folder: size for folder, size in sizes.items() if size > MOST_IN_A_ROOM} == {}

"""How fast scenario files run, beside the time that `tomllib` alone needs for the same files.

    python tests/bench/scenarios.py [--files 1000] [--repeat 3] [--keep FOLDER]

The files are made by a generator with a fixed seed: 10 steps each, two of them changes, on the
built-in servers and on server files. Addresses, senders and ranges are drawn anew for every step,
so that few questions are asked twice; the changes are drawn from `--variety` different ones.
Reported is the best of the repetitions, each in a process of its own.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT))

STEPS = 10


def make_files(folder, count, *, variety, seed=7):
    """Write `count` scenario files that pass, in subfolders of 100, and the servers they name."""
    from relaysim.builtin.fresh import fresh_server
    from relaysim.config.writer import format_server
    from relaysim.model.version import ExchangeVersion
    from relaysim.scenario.reading.load import Loader
    from relaysim.scenario.rewriting.update import updated
    from relaysim.scenario.run import Runner

    draw = random.Random(seed)  # noqa: S311  # the same files every time
    folder.mkdir(parents=True, exist_ok=True)
    servers = folder / "_servers"
    servers.mkdir()
    for version in (ExchangeVersion.V2010, ExchangeVersion.V2016):
        text = format_server(fresh_server(exchange=version))
        (servers / f"{version.value}.toml").write_text(text, "utf-8")
    changes = [_change(draw, number) for number in range(variety)]
    loader, runner = Loader(), Runner()
    for number in range(count):
        place = folder / f"part-{number // 100:03}"
        place.mkdir(exist_ok=True)
        file = place / f"scenario-{number:05}.toml"
        complete, text = False, ""
        while not complete:
            text = _scenario(draw, number, changes)
            scenario = loader.parse(text.encode(), str(file), for_update=True)
            # The expectations are the actual answers, so that every step passes. A range whose
            # addresses have no answer in common cannot be asked about.
            text, notes = updated(scenario, text, runner)
            complete = all(note.done for note in notes)
        file.write_text(text, "utf-8")


def _scenario(draw, number, changes):
    server = draw.choice(
        [
            "builtin:default",
            "builtin:option-1",
            "builtin:option-2",
            "builtin:both",
            "../_servers/2010.toml",
            "../_servers/2016.toml",
        ]
    )
    lines = ["format = 1", f'title  = "Scenario {number}"', f'server = "{server}"']
    changed = set(draw.sample(range(STEPS), 2))
    for step in range(STEPS):
        lines += ["", "[[step]]", f'name   = "step {step} of scenario {number}"']
        if step in changed:
            role = "FrontendTransport" if "2016" in server else "HubTransport"
            lines += draw.choice(changes)(role)
            continue
        lines += ['source = "SEED"', f"check  = {{ {_question(draw)} }}", "expect = {}"]
    return "\n".join(lines) + "\n"


def _question(draw):
    kind = draw.random()
    if kind < 0.75:
        place = f'ip = "{_address(draw)}"'
    elif kind < 0.9:
        low = draw.randrange(1, 200)
        place = f'ip = "192.168.2.{low}-192.168.2.{low + draw.randrange(50)}"'
    else:
        place = f'ip = "any", except = ["192.168.2.0/24", "{_address(draw)}"]'
    auth = draw.choice(["none", "none", "none", "user", "exchange"])
    parts = [place, f'auth = "{auth}"']
    if draw.random() < 0.5:
        recipient = draw.choice(["user@contoso.com", "someone@example.net"])
        parts.append(f'to = "{recipient}"')
    if auth == "none" and draw.random() < 0.3:
        parts.append(f'from = "app{draw.randrange(20)}@contoso.com"')
    return ", ".join(parts)


def _address(draw):
    if draw.random() < 0.7:
        return f"192.168.2.{draw.randrange(256)}"
    return ".".join(str(draw.randrange(1, 255)) for _ in range(4))


def _change(draw, number):
    low = draw.randrange(1, 200)
    entry = draw.random() < 0.5

    def lines(role):
        found = [
            "",
            "[[step.set.connector]]",
            f'name              = "Application {number}"',
            f'transport_role    = "{role}"',
            'bindings          = ["0.0.0.0:25"]',
            f'remote_ip_ranges  = ["192.168.2.{low}-192.168.2.{low + number % 50}"]',
            'auth_mechanism    = ["Tls"]',
            'permission_groups = ["AnonymousUsers"]',
        ]
        if entry:
            found += [
                "",
                "[[step.set.add_ace]]",
                f'connector = "Application {number}"',
                "user      = 'NT AUTHORITY\\ANONYMOUS LOGON'",
                'rights    = ["Accept-Any-Recipient"]',
            ]
        return found

    return lines


def measure(folder, *, what):
    """Return figures of one run in this process: seconds, steps, memory."""
    import resource
    import tomllib
    from time import perf_counter

    from relaysim.scenario.reading.load import Loader, find_files
    from relaysim.scenario.results import Totals
    from relaysim.scenario.run import Runner

    files = list(find_files([str(folder)]))
    if what == "floor":
        start = perf_counter()
        for file in files:
            with open(file, "rb") as stream:  # noqa: PTH123  # as the loader does
                tomllib.load(stream)
        return {"seconds": perf_counter() - start}
    loader, runner, totals = Loader(), Runner(), Totals()
    memory = []
    start = perf_counter()
    for number, file in enumerate(files, 1):
        totals.add(runner.run(loader.load(file)))
        if number % (len(files) // 10) == 0:
            memory.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
    seconds = perf_counter() - start
    assert not totals.is_bad, totals.states
    return {"seconds": seconds, "steps": totals.steps, "memory_kb": memory}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--variety", type=int, default=50)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--one", choices=["floor", "run"], help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(measure(options.keep, what=options.one)))
        return
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary) / "files"
        if not folder.exists():
            make_files(folder, options.files, variety=options.variety)
        floor = min(_one(folder, "floor")["seconds"] for _ in range(options.repeat))
        runs = [_one(folder, "run") for _ in range(options.repeat)]
        whole = min(_command(folder) for _ in range(options.repeat))
    best = min(runs, key=lambda run: run["seconds"])
    steps = best["steps"]
    memory = best["memory_kb"]
    print(f"files                {options.files}, {steps} steps, {options.variety} changes")
    print(f"tomllib alone        {floor:.3f} s, {steps / floor:,.0f} steps/s")
    print(f"relaysim             {best['seconds']:.3f} s, {steps / best['seconds']:,.0f} steps/s")
    print(f"ratio                {best['seconds'] / floor:.2f} (bar: 3.00)")
    print(f"relaysim test FOLDER {whole:.3f} s, start-up and report included")
    print(f"memory               {memory[0]} KB after a tenth, {memory[-1]} KB at the end")


def _command(folder):
    from time import perf_counter

    start = perf_counter()
    command = [sys.executable, "-m", "relaysim", "test", str(folder)]
    subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
    return perf_counter() - start


def _one(folder, what):
    command = [sys.executable, __file__, "--keep", str(folder), "--one", what]
    return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)


if __name__ == "__main__":
    main()

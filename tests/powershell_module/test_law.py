"""The law: a script behind a real PowerShell does what the embedded shell does with it.

The same organization, the same errors by id and line, the same warnings. With ``RELAYSIM_LAW``, the
number of random scripts (200, or 2000 for a deep search), every published shape is taken and gets
a runspace of its own; without it a few of each kind are run.
"""

import json
import os
import subprocess

from relaysim.config.difference import changes
from relaysim.config.serverfile import parse_server
from relaysim.config.writer import format_server
from relaysim.management_shell import run
from tests.console import ROOT
from tests.powershell_module.law_scripts import documented, more, published, random_scripts
from tests.powershell_module.session import MODULE, PWSH, environment, real

DEEP = os.environ.get("RELAYSIM_LAW", "")


def all_jobs():
    """The jobs of this run."""
    if DEEP:
        return [*published(), *more(), *documented(), *random_scripts(int(DEEP))]
    few = [*list(published())[::20], *list(documented())[::6]]
    return [*few, *more(), *random_scripts(30)]


def behind_powershell(jobs, folder, *, seconds):
    """Return what a real PowerShell made of each job."""
    lines = []
    for job in jobs:
        source, script = folder / f"{job.id}.begin.toml", folder / f"{job.id}.ps1"
        source.write_text(format_server(job.begin), encoding="utf-8")
        script.write_text(job.text, encoding="utf-8-sig")
        entry = {"id": job.id, "source": str(source), "script": str(script), "fresh": job.fresh}
        lines.append(json.dumps(entry) + "\n")
    (folder / "jobs.jsonl").write_text("".join(lines), encoding="utf-8")
    harness = ROOT / "tests/powershell_module/law.ps1"
    module, listed = MODULE / "RelaySim.psd1", folder / "jobs.jsonl"
    command = [PWSH, "-NoProfile", "-File", harness, module, listed, folder]
    subprocess.run(
        [str(part) for part in command],
        env=environment(),
        cwd=folder,  # some scripts write files where they are
        timeout=seconds,
        check=True,
    )
    text = (folder / "results.jsonl").read_text("utf-8")
    return {found["id"]: found for found in map(json.loads, text.splitlines())}


def ours(job):
    """Return the organization, errors by id and line, warnings and remarks of the shell here."""
    found = run(job.text, job.begin)
    errors = [[error.id, error.position.line if error.position else 0] for error in found.errors]
    return found.organization, errors, list(found.warnings), set(found.remarks)


def difference(job, found, folder):
    """Return what is not the same, in words."""
    organization, errors, warnings, remarks = ours(job)
    after = parse_server((folder / f"{job.id}.toml").read_bytes(), file=job.id)
    said = [str(change) for change in changes(organization, after)]
    names = [id_.removesuffix("Exception").rpartition(".")[2] for id_, _, _ in found["errors"]]
    theirs = [[name, error[1]] for name, error in zip(names, found["errors"], strict=True)]
    if errors != theirs:
        said.append(f"errors {errors} here, {found['errors']} there")
    # What is said about the run itself is a warning there.
    there = [text for text in found["warnings"] if text not in remarks]
    if warnings != there:
        said.append(f"warnings {warnings} here, {there} there")
    return [*found["broken"], *said]


@real
def test_a_script_does_the_same_behind_a_real_powershell(tmp_path):
    jobs = all_jobs()
    results = behind_powershell(jobs, tmp_path, seconds=500 if not DEEP else 7000)
    assert len(results) == len(jobs)
    wrong = {job.id: difference(job, results[job.id], tmp_path) for job in jobs}
    assert {name: said for name, said in wrong.items() if said} == {}

"""The benchmark's files are what it says they are."""

from relaysim.scenario.reading.load import Loader, find_files
from relaysim.scenario.run import Runner
from tests.bench.scenarios import STEPS, make_files, measure


def test_generated_files_pass_and_have_ten_steps(tmp_path):
    make_files(tmp_path / "files", 10, variety=5)
    files = list(find_files([str(tmp_path / "files")]))
    assert len(files) == 10
    loader, runner = Loader(), Runner()
    for file in files:
        results = runner.run(loader.load(file)).results
        assert len(results) == STEPS
        assert not any(result.state.is_bad for result in results)
    figures = measure(tmp_path / "files", what="run")
    assert figures["steps"] == 100
    assert measure(tmp_path / "files", what="floor")["seconds"] > 0

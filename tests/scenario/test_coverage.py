"""Coverage says what no scenario asked about."""

from relaysim import load
from relaysim.render.scenario_report.scenario_coverage import coverage_lines
from relaysim.render.scenario_report.scenario_text import plain_lines
from relaysim.scenario.coverage import Coverage
from relaysim.scenario.reading.decode import parse_scenario
from relaysim.scenario.run import Runner

HEAD = 'format = 1\nserver = "builtin:option-2"\n'


def cover(*steps, head=HEAD):
    coverage = Coverage()
    runner = Runner(watch=coverage.watch)
    text = head + "".join(
        f'[[step]]\nname = "{number}"\n{step}\n' for number, step in enumerate(steps)
    )
    runner.run(parse_scenario(text.encode(), file="x.toml", resolve=load))
    return coverage.report()


def check(question, expect="submit = true"):
    return f"check = {{ {question} }}\nexpect = {{ {expect} }}"


def test_a_connector_counts_when_it_answered():
    (server,) = cover(check('ip = "192.168.2.55"')).servers
    assert server.server == "builtin:option-2"
    assert server.connectors == (3, 1)
    assert server.unasked_connectors == ("Client EX01", "Default EX01")


def test_an_entry_counts_when_an_expectation_hangs_on_the_right_it_decided():
    def asked(expect):
        (server,) = cover(check('ip = "192.168.2.55"', expect)).servers
        return server.entries[1]

    assert asked("submit = true") == 1
    assert asked("relay = true") == 2
    assert asked('has = ["Accept-Any-Sender"]') == 1
    assert asked('rights = ["Submit"]') == 5
    # A right that no entry decides covers none.
    assert asked("bypass_anti_spam = false") == 0


def test_a_region_counts_when_one_of_its_addresses_was_asked_about():
    (server,) = cover(check('ip = "192.168.2.55"')).servers
    there, asked = server.regions
    assert asked == 1
    assert there == 6
    assert [str(i) for port, _, i in server.unasked_regions if port == 25] == [
        "0.0.0.0-192.168.2.54",
        "192.168.2.57-255.255.255.255",
        "::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    ]
    (server,) = cover(check('ip = "any"'), check('ip = "any", port = 587')).servers
    assert server.unasked_regions == ()


def test_what_a_change_adds_has_to_be_asked_about_too():
    change = (
        'set = { connector = [{ name = "N", bindings = "0.0.0.0:26",'
        ' remote_ip_ranges = "10.0.0.1" }] }'
    )
    (server,) = cover(change, check('ip = "192.168.2.55"')).servers
    assert "N" in server.unasked_connectors
    (server,) = cover(change, check('ip = "10.0.0.1", port = 26')).servers
    assert "N" not in server.unasked_connectors


def test_the_same_words_in_two_folders_are_two_servers():
    coverage = Coverage()
    runner = Runner(watch=coverage.watch)
    text = 'format = 1\nserver = "s.toml"\n[[step]]\nname = "a"\n'
    text += check('ip = "192.168.2.55"') + "\n"
    for file in ("a/x.toml", "a/y.toml", "b/x.toml", "b/c/../x.toml", "x.toml"):
        server = load("builtin:option-2")
        resolve = {"s.toml": server}.__getitem__
        runner.run(parse_scenario(text.encode(), file=file, resolve=resolve))
    names = [server.server for server in coverage.report().servers]
    assert names == ["a/s.toml", "b/s.toml", "s.toml"]


def test_the_share_counts_everything_once():
    report = cover(check('ip = "192.168.2.55"'))
    (server,) = report.servers
    there = sum(count[0] for count in (server.connectors, server.entries, server.regions))
    asked = sum(count[1] for count in (server.connectors, server.entries, server.regions))
    assert report.percent == 100 * asked / there
    assert cover("set = { accepted_domains = [] }").percent == 100.0


def test_the_text_names_what_is_missing():
    text = plain_lines(coverage_lines(cover(check('ip = "192.168.2.55"', "relay = true"))))
    assert "  builtin:option-2  1 of 3 connectors, 2 of 66 entries, 1 of 6 regions\n" in text
    assert "    connector `Client EX01` never answered\n" in text
    assert "`CRM Application`: NT AUTHORITY\\ANONYMOUS LOGON: Accept-Headers-Routing, " in text
    assert text.endswith("%\n")

"""The plugin: where the server comes from, what a venue is made with, and that it goes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import tradepit
from tradepit import NoAnswer, NoServer, Refused, Server
from tradepit.http import ask


@pytest.fixture(autouse=True)
def no_server_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the environment names is for the tests themselves, not for those that they run."""
    for name in ("TRADEPIT_URL", "TRADEPIT_BIN"):
        monkeypatch.delenv(name, raising=False)


def run(pytester: pytest.Pytester, server: Server, test: str) -> pytest.RunResult:
    pytester.makepyfile(test)
    return pytester.runpytest_inprocess("--tradepit-url", server.url)


def test_each_test_has_a_venue_which_goes_with_it(pytester: pytest.Pytester, tradepit_server: Server) -> None:
    result = run(
        pytester,
        tradepit_server,
        """
        def note(venue):
            venue.place("EURUSD", 1)
            with open("venues", "a") as names:
                print(venue.name, file=names)

        def test_one(venue):
            note(venue)

        def test_that_removes_it_itself(venue):
            note(venue)
            venue.remove()

        def test_that_fails(venue):
            note(venue)
            assert venue is None
        """,
    )
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.re_match_lines([r"venue \w+: http.* seed=\d+"])
    names = (pytester.path / "venues").read_text().split()
    assert len(set(names)) == 3
    for name in names:
        with pytest.raises(Refused, match="404: Venue not found"):
            ask("GET", f"{tradepit_server.url}/venues/{name}")


def test_what_stands_nearer_to_the_test_counts(pytester: pytest.Pytester, tradepit_server: Server) -> None:
    pytester.makeconftest(
        """
        import pytest

        @pytest.fixture
        def tradepit_settings():
            return {"seed": 1, "delay": "1s", "market": "none", "long_delay": "7s"}
        """
    )
    result = run(
        pytester,
        tradepit_server,
        """
        import pytest
        pytestmark = pytest.mark.tradepit(delay="2s", market="volatile", long_delay="8s")

        @pytest.mark.tradepit(market="frozen", long_delay="9s")
        class TestIt:
            @pytest.mark.tradepit(long_delay="10s")
            def test_it(self, venue):
                info = venue.info
                assert [info[name] for name in ("seed", "delay", "market", "long_delay")] == [1, "2s", "frozen", "10s"]
        """,
    )
    result.assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ("sead=1", "*knows no sead: it takes name, seed, *"),
        ("1", "*knows no 1: it takes name, seed, *"),
        ("seed='x', clock='frosen'", "*The venue was not made: *body.seed: *; body.clock: *'real' or 'frozen'*"),
    ],
)
def test_a_wrong_setting_is_told_in_words(
    pytester: pytest.Pytester, tradepit_server: Server, settings: str, told: str
) -> None:
    test = f"import pytest\n\n@pytest.mark.tradepit({settings})\ndef test_it(venue): pass"
    result = run(pytester, tradepit_server, test)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([told])


def test_without_a_server_it_is_said_what_to_do(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(pytester.path))
    pytester.makepyfile("def test_it(venue): pass")
    result = pytester.runpytest_inprocess()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*no `tradepit` on PATH*TRADEPIT_URL*TRADEPIT_BIN*cargo install*"])

    result = pytester.runpytest_inprocess("--tradepit-bin", "nowhere/tradepit")
    result.stdout.fnmatch_lines(["*nowhere/tradepit is no program*"])
    # The port of the discard service, where nobody listens.
    result = pytester.runpytest_inprocess("--tradepit-url", "http://127.0.0.1:9")
    result.stdout.fnmatch_lines(["*There is no server at http://127.0.0.1:9: *no answer*"])


def test_a_server_that_makes_no_venues_is_told_apart(pytester: pytest.Pytester, tradepit_server: Server) -> None:
    pytester.makepyfile("def test_it(venue): pass")
    # Below a venue there are no controls, as on a server from before there were any.
    with tradepit_server.venue() as venue:
        result = pytester.runpytest_inprocess("--tradepit-url", venue.url)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*makes no venues: *404*new enough?"])


def test_a_server_that_does_not_come_up_tells_why(pytester: pytest.Pytester) -> None:
    with pytest.raises(NoServer, match="did not come up. It said: .*usage"):
        with tradepit.serve(_script(pytester.path, "print('usage', file=sys.stderr)")):
            pass


def test_a_server_is_started_and_ended_and_keeps_nothing(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, pytestconfig: pytest.Config
) -> None:
    binary = tradepit.find(pytestconfig.getoption("--tradepit-bin"))
    monkeypatch.setenv("TRADEPIT_DATA_DIR", str(pytester.path / "data"))
    with tradepit.serve(binary, "--delay", "3s") as server:
        server.check()
        with server.venue() as venue:
            assert venue.info["delay"] == "3s"
    with pytest.raises(NoAnswer, match="Is the server still there"):
        server.venue()
    assert not (pytester.path / "data").exists()


def test_the_server_of_a_run_ends_with_it(pytester: pytest.Pytester, pytestconfig: pytest.Config) -> None:
    binary = os.path.abspath(tradepit.find(pytestconfig.getoption("--tradepit-bin")))
    pytester.makepyfile("def test_it(tradepit_server):\n    open('url', 'w').write(tradepit_server.url)")
    arguments = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--tradepit-bin", binary]
    subprocess.run(arguments, cwd=pytester.path, check=True, stdout=subprocess.DEVNULL)
    with pytest.raises(NoServer, match="no answer"):
        Server((pytester.path / "url").read_text()).check()


def test_venues_know_nothing_of_each_other(tradepit_server: Server) -> None:
    with tradepit_server.venue(clock="frozen") as one, tradepit_server.venue(clock="frozen") as other:
        order = one.place("EURUSD", 5)
        assert other.orders() == []
        other.advance(by="1h")
        assert one.order(order["id"])["status"] == "PENDING"
    with pytest.raises(Refused, match="404: Venue not found"):
        one.orders()


def _script(folder: Path, line: str) -> str:
    script = folder / "server"
    script.write_text(f"#!{sys.executable}\nimport sys\n{line}\n")
    script.chmod(0o755)
    return str(script)

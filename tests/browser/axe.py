"""axe-core: the rules of WCAG 2.1 A and AA, and what is held for good practice."""

from functools import cache

from playwright.sync_api import Page

from tests.cluster import ROOT

SOURCE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]


def axe(page: Page) -> None:
    """Assert that the page as it stands breaks no rule."""
    # Through the debugger, not as a script of the page: the content policy would refuse it.
    page.evaluate(_source())
    found = page.evaluate("rules => axe.run(document, { runOnly: rules })", RULES)
    told = [_told(one) for one in found["violations"]]
    assert told == [], "\n".join([page.url, *told])


def _told(violation: dict[str, object]) -> str:
    nodes = violation["nodes"]
    assert isinstance(nodes, list)
    places = "; ".join(f"{node['target']} {node['html'][:120]}" for node in nodes[:3])
    return f"{violation['id']} ({violation['help']}): {places}"


@cache
def _source() -> str:
    if not SOURCE.exists():
        raise RuntimeError("axe-core is not there: run `npm ci --ignore-scripts` (bin/test does it)")
    return SOURCE.read_text()

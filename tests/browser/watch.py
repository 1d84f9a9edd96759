"""What a page may not do while somebody looks: errors, breaches of the content policy, failed requests, jumps."""

from playwright.sync_api import ConsoleMessage, Page, Request

# Navigating away gives up what is still on its way.
_GIVEN_UP = "net::ERR_ABORTED"

SCRIPT = """
document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sourceFile, lineNumber }) =>
  console.error(`content policy: ${violatedDirective} ${blockedURI} ${sourceFile}:${lineNumber}`));
window.jumps = [];
new PerformanceObserver((list) => {
  for (const one of list.getEntries()) {
    if (!one.hadRecentInput) jumps.push([one.value, one.sources.map((source) => source.node?.outerHTML?.slice(0, 80))]);
  }
}).observe({ type: "layout-shift", buffered: true });
"""


class Faults(list[str]):
    """What went wrong on any page of a test. `clear()` it where the test itself has cut the wire."""

    def watch(self, page: Page) -> None:
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.append(f"error: {error}"))
        page.on("requestfailed", self._failed)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.append(f"{message.type}: {message.text} {message.location.get('url', '')}")

    def _failed(self, request: Request) -> None:
        if request.failure != _GIVEN_UP:
            self.append(f"failed: {request.method} {request.url} {request.failure}")


def layout_shift(page: Page) -> float:
    """The sum of what jumped without anybody's doing (web.dev/cls: good is under 0.1)."""
    return float(page.evaluate("jumps.reduce((sum, [value]) => sum + value, 0)"))

"""The runbook `payment-provider-down`: is it us, or is it them? Nothing but the standard library."""

import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone

# Kept back from the deadline for the way home.
RESERVE = timedelta(seconds=2)
# A page that has not answered by then says enough.
MOST_WAIT = timedelta(seconds=10)


def investigate(request, ask, now):
    """Answers a request v1 with a result v1.

    ask(url, wait) -> HTTP status, and TimeoutError when the time is over; now() -> datetime in UTC. Both are given, so that a
    test needs neither network nor patience.
    """
    started = now()
    left = datetime.fromisoformat(request["deadline"]) - RESERVE - started
    look = look_at(request["runbook"]["parameters"].get("statusPage"), left, ask)
    verdict, summary, actions = conclude(look)
    evidence = {"id": "status-page", "kind": "CONFIG", "status": look["status"], "summary": f"Status page: {look['says']}"}
    if "http_status" in look:
        evidence["data"] = {"httpStatus": look["http_status"]}
    return {
        "schemaVersion": "1",
        "runId": request["runId"],
        "status": "SUCCEEDED" if look["status"] == "OK" else "PARTIAL",
        "summary": summary,
        "verdict": verdict,
        "findings": [{"ruleId": verdict["ruleId"], "summary": summary, "evidence": ["status-page"]}],
        "ruledOut": [{"ruleId": "PP-01", "why": f"its status page answers {look['http_status']}"}] if verdict["ruleId"] == "PP-00" else [],
        "notChecked": [{"what": "the payment provider's status page", "status": look["status"], "fix": look["fix"]}] if "fix" in look else [],
        "evidence": [evidence],
        "proposedActions": actions,
        "metrics": {"durationMs": milliseconds(now() - started), "apiCalls": look["calls"], "logBytesScanned": 0},
    }


def look_at(page, left, ask):
    """Looks, and says what became of it: a page that was not seen is never a page without errors."""
    if not page:
        return {"status": "NOT_CONFIGURED", "says": "its address is not known", "fix": "set the runbook's parameter statusPage", "calls": 0}
    if left <= timedelta():
        return {"status": "TIMED_OUT", "says": "not asked, since the deadline is too near", "fix": "raise the runbook's timeout", "calls": 0}
    wait = min(left, MOST_WAIT)
    try:
        http_status = ask(page, wait)
    except TimeoutError:
        return {"status": "TIMED_OUT", "says": f"no answer within {milliseconds(wait)} ms", "fix": f"look at {page} yourself", "calls": 1}
    except OSError as error:
        return {"status": "ERROR", "says": str(error), "fix": f"look at {page} yourself", "calls": 1}
    seen = {"says": str(http_status), "http_status": http_status, "calls": 1}
    # The page is there and says how it is, or it is not the page that was meant.
    if http_status < 300 or http_status >= 500:
        return {"status": "OK", **seen}
    return {"status": "ERROR", "fix": "correct the runbook's parameter statusPage", **seen}


def conclude(look):
    """What the look means: verdict, summary and what to do. Pure, so that it can be tested without any page."""
    if look["status"] != "OK":
        verdict = {"ruleId": "PP-02", "title": "Payment provider could not be asked", "confidence": "LOW", "category": "INCONCLUSIVE"}
        return verdict, "It is not known whether the payment provider is up.", []
    if look["http_status"] >= 500:
        verdict = {"ruleId": "PP-01", "title": "Payment provider is down", "confidence": "HIGH", "category": "DEPENDENCY"}
        return verdict, f"The payment provider answers {look['http_status']}.", ["Switch to the other provider."]
    verdict = {"ruleId": "PP-00", "title": "Payment provider is up", "confidence": "LOW", "category": "INCONCLUSIVE"}
    return verdict, "The payment provider says that it is up.", []


def milliseconds(time):
    return time // timedelta(milliseconds=1)


def ask_page(url, wait):
    """The real way to ask. The time is over for all of it: urllib's own limit is one for each step, and knows none for looking up names."""
    pool = ThreadPoolExecutor(max_workers=1)
    try:
        return pool.submit(status_of, url, wait.total_seconds()).result(wait.total_seconds())
    finally:
        pool.shutdown(wait=False)


def status_of(url, seconds):
    try:
        with urllib.request.urlopen(url, timeout=seconds) as response:
            return response.status
    except urllib.error.HTTPError as answer:
        with answer:
            return answer.code
    except urllib.error.URLError as error:
        # The reason is what happened; the rest is urllib's wrapping.
        raise error.reason if isinstance(error.reason, OSError) else error


def handler(event, context):
    """What Lambda calls."""
    return investigate(event, ask_page, lambda: datetime.now(timezone.utc))

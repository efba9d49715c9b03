// Package runbook is the runbook payment-provider-down: is it us, or is it them? Nothing but the standard library.
package runbook

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"
)

const (
	// reserve is kept back from the deadline for the way home.
	reserve = 2 * time.Second
	// mostWait: a page that has not answered by then says enough.
	mostWait = 10 * time.Second
)

// Ask asks a page for its HTTP status; it fails with context.DeadlineExceeded when the time is over.
type Ask func(ctx context.Context, url string, wait time.Duration) (int, error)

// look is what became of the look at the status page.
type look struct {
	status     string
	says       string
	httpStatus int
	// fix is how a person gets what could not be seen.
	fix   string
	calls int
}

// Handle is what Lambda calls.
func Handle(ctx context.Context, request Request) (Result, error) {
	return Investigate(ctx, request, AskPage, time.Now), nil
}

// Investigate answers a request v1 with a result v1. How to ask and the clock are given, so that a test needs neither network nor patience.
func Investigate(ctx context.Context, request Request, ask Ask, now func() time.Time) Result {
	started := now()
	seen := lookAt(ctx, request.Runbook.Parameters["statusPage"], request.Deadline.Add(-reserve).Sub(started), ask)
	verdict, summary, actions := conclude(seen)
	evidence := Evidence{ID: "status-page", Kind: "CONFIG", Status: seen.status, Summary: "Status page: " + seen.says}
	if seen.httpStatus != 0 {
		evidence.Data = map[string]any{"httpStatus": seen.httpStatus}
	}
	result := Result{
		SchemaVersion:   "1",
		RunID:           request.RunID,
		Status:          "PARTIAL",
		Summary:         summary,
		Verdict:         verdict,
		Findings:        []Finding{{RuleID: verdict.RuleID, Summary: summary, Evidence: []string{"status-page"}}},
		RuledOut:        []RuledOut{},
		NotChecked:      []NotChecked{},
		Evidence:        []Evidence{evidence},
		ProposedActions: actions,
		Metrics:         Metrics{DurationMs: now().Sub(started).Milliseconds(), APICalls: seen.calls},
	}
	if seen.status == "OK" {
		result.Status = "SUCCEEDED"
	}
	if verdict.RuleID == "PP-00" {
		result.RuledOut = append(result.RuledOut, RuledOut{"PP-01", fmt.Sprintf("its status page answers %d", seen.httpStatus)})
	}
	if seen.fix != "" {
		result.NotChecked = append(result.NotChecked, NotChecked{"the payment provider's status page", seen.status, seen.fix})
	}
	return result
}

// lookAt looks, and says what became of it: a page that was not seen is never a page without errors.
func lookAt(ctx context.Context, page string, left time.Duration, ask Ask) look {
	if page == "" {
		return look{status: "NOT_CONFIGURED", says: "its address is not known", fix: "set the runbook's parameter statusPage"}
	}
	if left <= 0 {
		return look{status: "TIMED_OUT", says: "not asked, since the deadline is too near", fix: "raise the runbook's timeout"}
	}
	wait := min(left, mostWait)
	httpStatus, err := ask(ctx, page, wait)
	if errors.Is(err, context.DeadlineExceeded) {
		return look{status: "TIMED_OUT", says: fmt.Sprintf("no answer within %d ms", wait.Milliseconds()), fix: "look at " + page + " yourself", calls: 1}
	}
	if err != nil {
		return look{status: "ERROR", says: err.Error(), fix: "look at " + page + " yourself", calls: 1}
	}
	seen := look{status: "OK", says: fmt.Sprint(httpStatus), httpStatus: httpStatus, calls: 1}
	// The page is there and says how it is, or it is not the page that was meant.
	if httpStatus >= 300 && httpStatus < 500 {
		seen.status, seen.fix = "ERROR", "correct the runbook's parameter statusPage"
	}
	return seen
}

// conclude says what the look means: verdict, summary and what to do. Pure, so that it can be tested without any page.
func conclude(seen look) (Verdict, string, []string) {
	switch {
	case seen.status != "OK":
		return Verdict{"PP-02", "Payment provider could not be asked", "LOW", "INCONCLUSIVE"},
			"It is not known whether the payment provider is up.", []string{}
	case seen.httpStatus >= 500:
		return Verdict{"PP-01", "Payment provider is down", "HIGH", "DEPENDENCY"},
			fmt.Sprintf("The payment provider answers %d.", seen.httpStatus), []string{"Switch to the other provider."}
	default:
		return Verdict{"PP-00", "Payment provider is up", "LOW", "INCONCLUSIVE"},
			"The payment provider says that it is up.", []string{}
	}
}

// AskPage is the real way to ask.
func AskPage(ctx context.Context, url string, wait time.Duration) (int, error) {
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return 0, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	return response.StatusCode, nil
}

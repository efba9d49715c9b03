package runbook

import "time"

// Request is what this runbook reads of a request v1; the rest of it is skipped.
type Request struct {
	RunID   string `json:"runId"`
	Runbook struct {
		Parameters map[string]string `json:"parameters"`
	} `json:"runbook"`
	Deadline time.Time `json:"deadline"`
}

// Result is a result v1. A list that is nil would be null in JSON, which is no valid result: make every list, also the empty ones.
type Result struct {
	SchemaVersion   string       `json:"schemaVersion"`
	RunID           string       `json:"runId"`
	Status          string       `json:"status"`
	Summary         string       `json:"summary"`
	Verdict         Verdict      `json:"verdict"`
	Findings        []Finding    `json:"findings"`
	RuledOut        []RuledOut   `json:"ruledOut"`
	NotChecked      []NotChecked `json:"notChecked"`
	Evidence        []Evidence   `json:"evidence"`
	ProposedActions []string     `json:"proposedActions"`
	Metrics         Metrics      `json:"metrics"`
}

// Verdict is what the rules concluded.
type Verdict struct {
	RuleID     string `json:"ruleId"`
	Title      string `json:"title"`
	Confidence string `json:"confidence"`
	Category   string `json:"category"`
}

// Finding is a fact worth telling.
type Finding struct {
	RuleID   string   `json:"ruleId,omitempty"`
	Summary  string   `json:"summary"`
	Evidence []string `json:"evidence"`
}

// RuledOut is a rule that does not hold.
type RuledOut struct {
	RuleID string `json:"ruleId"`
	Why    string `json:"why"`
}

// NotChecked is something that could not be seen.
type NotChecked struct {
	What   string `json:"what"`
	Status string `json:"status"`
	Fix    string `json:"fix"`
}

// Evidence is one look, and what it showed.
type Evidence struct {
	ID      string         `json:"id"`
	Kind    string         `json:"kind"`
	Status  string         `json:"status"`
	Summary string         `json:"summary"`
	Link    string         `json:"link,omitempty"`
	Data    map[string]any `json:"data,omitempty"`
}

// Metrics is what the run took.
type Metrics struct {
	DurationMs      int64 `json:"durationMs"`
	APICalls        int   `json:"apiCalls"`
	LogBytesScanned int64 `json:"logBytesScanned"`
}

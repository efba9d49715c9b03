package runbook

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"
)

type testCase struct {
	Now time.Time `json:"now"`
	// StatusPage is missing where nothing may be asked.
	StatusPage *struct {
		WaitsMs  int64  `json:"waitsMs"`
		TakesMs  int64  `json:"takesMs"`
		Status   int    `json:"status"`
		TimesOut bool   `json:"timesOut"`
		Fails    string `json:"fails"`
	} `json:"statusPage"`
	Request Request         `json:"request"`
	Result  json.RawMessage `json:"result"`
}

func TestCases(t *testing.T) {
	files, err := filepath.Glob("../../cases/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal("there are no cases", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) { check(t, file) })
	}
}

func check(t *testing.T, file string) {
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var c testCase
	if err := json.Unmarshal(text, &c); err != nil {
		t.Fatal(err)
	}
	clock := c.Now
	ask := func(_ context.Context, url string, wait time.Duration) (int, error) {
		page := c.StatusPage
		if page == nil || url != c.Request.Runbook.Parameters["statusPage"] || wait.Milliseconds() != page.WaitsMs {
			t.Fatalf("asked %s for %s", url, wait)
		}
		clock = clock.Add(time.Duration(page.TakesMs) * time.Millisecond)
		if page.TimesOut {
			return 0, context.DeadlineExceeded
		}
		if page.Fails != "" {
			return 0, errors.New(page.Fails)
		}
		return page.Status, nil
	}
	result := Investigate(t.Context(), c.Request, ask, func() time.Time { return clock })

	got, err := json.Marshal(result)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(plain(t, got), plain(t, c.Result)) {
		t.Errorf("got %s, want %s", got, c.Result)
	}
}

// plain is JSON as any reader sees it: the order of members does not count.
func plain(t *testing.T, text []byte) (value any) {
	t.Helper()
	if err := json.Unmarshal(text, &value); err != nil {
		t.Fatal(err)
	}
	return value
}

func TestARealPage(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(response http.ResponseWriter, _ *http.Request) { response.WriteHeader(503) }))
	defer server.Close()
	if status, err := AskPage(t.Context(), server.URL, 5*time.Second); status != 503 || err != nil {
		t.Errorf("got %d, %v", status, err)
	}
}

func TestNoAnswerInTime(t *testing.T) {
	// Connections are taken, and nobody answers.
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	if _, err := AskPage(t.Context(), "http://"+silent.Addr().String(), 50*time.Millisecond); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

func TestNobodyThere(t *testing.T) {
	if _, err := AskPage(t.Context(), "http://127.0.0.1:2", 5*time.Second); err == nil || errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

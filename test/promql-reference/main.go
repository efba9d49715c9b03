// The reference for the PromQL of lambda-src/metrics-api/prometheus: Prometheus's own engine over samples in memory.
//
// It reads one JSON document from its standard input and writes one to its standard output; see the types for both.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"strconv"
	"time"

	"github.com/prometheus/prometheus/model/timestamp"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
)

// Numbers are texts throughout: JSON can carry neither infinities nor, from every writer, a negative zero.
type input struct {
	Series  []series `json:"series"`
	Queries []query  `json:"queries"`
}

type series struct {
	Labels     map[string]string `json:"labels"`
	Timestamps []int64           `json:"timestamps"`
	Values     []string          `json:"values"`
}

// A query at the time Start, or where Step is given, from Start to End; all in milliseconds.
type query struct {
	Query string `json:"query"`
	Start int64  `json:"start"`
	End   int64  `json:"end"`
	Step  int64  `json:"step"`
}

// Of a scalar the only series has no labels. Failed is "parse" or "execution" where the query has no result.
type result struct {
	Type   string   `json:"type,omitempty"`
	Series []series `json:"series"`
	Failed string   `json:"failed,omitempty"`
	Error  string   `json:"error,omitempty"`
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	var asked input
	if err := json.NewDecoder(bufio.NewReader(os.Stdin)).Decode(&asked); err != nil {
		return fmt.Errorf("the input is not the JSON that is expected: %w", err)
	}
	storage, err := newStorage(asked.Series)
	if err != nil {
		return err
	}
	engine := promql.NewEngine(promql.EngineOpts{
		MaxSamples:               math.MaxInt32,
		Timeout:                  time.Minute,
		LookbackDelta:            5 * time.Minute,
		EnableAtModifier:         true,
		EnableNegativeOffset:     true,
		NoStepSubqueryIntervalFn: func(int64) int64 { return time.Minute.Milliseconds() },
		Parser:                   parser.NewParser(parser.Options{}),
	})
	results := make([]result, 0, len(asked.Queries))
	for _, each := range asked.Queries {
		results = append(results, evaluate(engine, storage, each))
	}
	out := bufio.NewWriter(os.Stdout)
	if err := json.NewEncoder(out).Encode(results); err != nil {
		return err
	}
	return out.Flush()
}

func evaluate(engine *promql.Engine, storage memory, asked query) result {
	ctx := context.Background()
	start := timestamp.Time(asked.Start)
	var prepared promql.Query
	var err error
	if asked.Step == 0 {
		prepared, err = engine.NewInstantQuery(ctx, storage, nil, asked.Query, start)
	} else {
		prepared, err = engine.NewRangeQuery(ctx, storage, nil, asked.Query, start, timestamp.Time(asked.End), time.Duration(asked.Step)*time.Millisecond)
	}
	if err != nil {
		return result{Failed: "parse", Error: err.Error(), Series: []series{}}
	}
	defer prepared.Close()
	answer := prepared.Exec(ctx)
	if answer.Err != nil {
		return result{Failed: "execution", Error: answer.Err.Error(), Series: []series{}}
	}
	found := result{Type: string(answer.Value.Type()), Series: []series{}}
	switch value := answer.Value.(type) {
	case promql.Scalar:
		found.Series = append(found.Series, seriesOf(nil, promql.FPoint{T: value.T, F: value.V}))
	case promql.Vector:
		for _, sample := range value {
			found.Series = append(found.Series, seriesOf(sample.Metric.Map(), promql.FPoint{T: sample.T, F: sample.F}))
		}
	case promql.Matrix:
		for _, row := range value {
			found.Series = append(found.Series, seriesOf(row.Metric.Map(), row.Floats...))
		}
	}
	return found
}

func seriesOf(labels map[string]string, points ...promql.FPoint) series {
	if labels == nil {
		labels = map[string]string{}
	}
	found := series{Labels: labels, Timestamps: []int64{}, Values: []string{}}
	for _, point := range points {
		found.Timestamps = append(found.Timestamps, point.T)
		found.Values = append(found.Values, strconv.FormatFloat(point.F, 'g', -1, 64))
	}
	return found
}

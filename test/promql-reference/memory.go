package main

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/prometheus/prometheus/model/histogram"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
	"github.com/prometheus/prometheus/tsdb/chunks"
	"github.com/prometheus/prometheus/util/annotations"
)

// Series in the order of their labels. Prometheus's own database would add nothing but hundreds of packages to build.
type memory []storage.Series

func newStorage(given []series) (memory, error) {
	held := memory{}
	for _, each := range given {
		samples := make([]chunks.Sample, len(each.Timestamps))
		for i, at := range each.Timestamps {
			value, err := strconv.ParseFloat(each.Values[i], 64)
			if err != nil {
				return nil, fmt.Errorf("%q is no number: %w", each.Values[i], err)
			}
			samples[i] = float{at: at, value: value}
		}
		held = append(held, storage.NewListSeries(labels.FromMap(each.Labels), samples))
	}
	slices.SortFunc(held, func(a, b storage.Series) int { return labels.Compare(a.Labels(), b.Labels()) })
	return held, nil
}

func (m memory) Querier(_, _ int64) (storage.Querier, error) { return m, nil }

func (m memory) Close() error { return nil }

func (m memory) Select(_ context.Context, _ bool, _ *storage.SelectHints, matchers ...*labels.Matcher) storage.SeriesSet {
	found := &seriesSet{at: -1}
	for _, each := range m {
		if matchesAll(matchers, each.Labels()) {
			found.series = append(found.series, each)
		}
	}
	return found
}

func matchesAll(matchers []*labels.Matcher, of labels.Labels) bool {
	for _, matcher := range matchers {
		if !matcher.Matches(of.Get(matcher.Name)) {
			return false
		}
	}
	return true
}

func (m memory) LabelValues(context.Context, string, *storage.LabelHints, ...*labels.Matcher) ([]string, annotations.Annotations, error) {
	return nil, nil, nil
}

func (m memory) LabelNames(context.Context, *storage.LabelHints, ...*labels.Matcher) ([]string, annotations.Annotations, error) {
	return nil, nil, nil
}

type seriesSet struct {
	series []storage.Series
	at     int
}

func (s *seriesSet) Next() bool                        { s.at++; return s.at < len(s.series) }
func (s *seriesSet) At() storage.Series                { return s.series[s.at] }
func (s *seriesSet) Err() error                        { return nil }
func (s *seriesSet) Warnings() annotations.Annotations { return nil }

type float struct {
	at    int64
	value float64
}

func (f float) ST() int64                     { return 0 }
func (f float) T() int64                      { return f.at }
func (f float) F() float64                    { return f.value }
func (f float) H() *histogram.Histogram       { return nil }
func (f float) FH() *histogram.FloatHistogram { return nil }
func (f float) Type() chunkenc.ValueType      { return chunkenc.ValFloat }
func (f float) Copy() chunks.Sample           { return f }

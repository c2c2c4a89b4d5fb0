package session

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"testing"
)

// A fault can be drawn over time only where each second says what failed in it, and how.
func TestEverySecondSaysWhatFailedByKindAndWhatWasWrongByClass(t *testing.T) {
	a := newApp(t)
	away, gone := newBudget(faults, 5), newBudget(faults, 3)
	a.refuse(http.MethodPatch, away)
	a.spoil = func(method string, found stored, there bool) (stored, bool) {
		return found, there && !(method == http.MethodGet && gone.take())
	}
	out := t.TempDir()
	result := drive(t, configFor(t, a.URL, everything, map[string]string{"SESSION_OUT": out}))
	text, err := os.ReadFile(filepath.Join(out, "histograms.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	kinds, classes := map[string]Errors{}, map[string]Violations{}
	for row := range bytes.Lines(text) {
		var line histogramLine
		if err := json.Unmarshal(row, &line); err != nil {
			t.Fatal(err)
		}
		if line.ErrorKinds.total() != line.Errors || line.ViolationClasses.total() != line.Violations {
			t.Errorf("the parts do not sum to the whole: %s", row)
		}
		e, v := kinds[line.Operation], classes[line.Operation]
		e.Server += line.ErrorKinds.Server
		v.Lost += line.ViolationClasses.Lost
		kinds[line.Operation], classes[line.Operation] = e, v
	}
	measured := result.Phases["measure"].Operations
	if kinds["write"] != measured["write"].Errors || kinds["write"].Server != faults {
		t.Errorf("%+v by seconds, %+v in all", kinds["write"], measured["write"].Errors)
	}
	if classes["read"] != measured["read"].Violations || classes["read"].Lost != faults {
		t.Errorf("%+v by seconds, %+v in all", classes["read"], measured["read"].Violations)
	}
}

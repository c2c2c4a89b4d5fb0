package session

import (
	"errors"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestAllMistakesAreToldTogether(t *testing.T) {
	_, err := ReadConfig(Workload{Mix: Mix{Read: math.NaN()}, ZipfExponent: math.NaN(), PayloadBytes: -1}, map[string]string{
		"SESSION_TARGET": "https://example.org/path", "SESSION_RATE": "many", "SESSION_LOOP": "spiral",
		"SESSION_DURATION": "-1", "SESSION_WARMUP": "NaN", "SESSION_CONNECTIONS": "1.5", "SESSION_SESSIONS": "0",
		"SESSION_TIMEOUT_MS": "0", "SESSION_SEED": "-1", "SESSION_TYPO": "1",
	})
	var mistakes *ConfigError
	if !errors.As(err, &mistakes) {
		t.Fatalf("error is %v", err)
	}
	text := err.Error()
	for _, name := range []string{
		"TARGET", "RATE", "LOOP", "DURATION", "WARMUP", "CONNECTIONS", "SESSION_SESSIONS", "TIMEOUT_MS", "SEED", "TYPO",
		"mix", "zipfExponent", "payloadBytes", "workload's sessions",
	} {
		if !strings.Contains(text, name) {
			t.Errorf("nothing is said of %s in:\n%s", name, text)
		}
	}
}

func TestOnlyThisMachineIsLoadedAndOnlyByHTTP(t *testing.T) {
	env := map[string]string{"SESSION_RATE": "1"}
	for target, allowed := range map[string]bool{
		"http://127.0.0.1:80": true, "http://[::1]:80": true, "http://localhost:80": true, "http://127.1.2.3": true,
		"http://192.0.2.1:80": false, "http://example.org": false, "http://0.0.0.0:80": false, "http://127.0.0.1.example.org": false,
		"http://127.0.0.1:80/": true, "http://127.0.0.1/path": false, "http://ann@127.0.0.1": false, "https://127.0.0.1": false,
		"127.0.0.1:80": false, "http://:80": false, "http://127.0.0.1?a=b": false,
	} {
		env["SESSION_TARGET"] = target
		if _, err := ReadConfig(everything, env); (err == nil) != allowed {
			t.Errorf("%s: %v", target, err)
		}
	}
}

func TestForeignVariablesOfTheSystemAreNoMistake(t *testing.T) {
	t.Setenv("SESSION_MANAGER", "local/host:@/tmp/.ICE-unix/1")
	env := map[string]string{"SESSION_TARGET": "http://127.0.0.1:1", "SESSION_RATE": "1", "SESSION_MANAGER": "local/host:@/tmp/.ICE-unix/1"}
	if _, err := ReadConfig(everything, env); err != nil {
		t.Error(err)
	}
}

// The page is where people look; the table in the code is what is read.
func TestThePageListsTheVariablesThatAreRead(t *testing.T) {
	page, err := os.ReadFile("../session.d.ts")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"| variable | meaning | values | default |", "|---|---|---|---|"}
	for _, v := range variablesOf(&Config{}) {
		want = append(want, fmt.Sprintf("| %s | %s | %s | %s |", v.name, v.meaning, v.value.accepts, v.standard+v.absence))
	}
	var got []string
	for line := range strings.Lines(string(page)) {
		if row, found := strings.CutPrefix(strings.TrimSpace(line), "* |"); found {
			got = append(got, "|"+row)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("the table in infra/k6/session.d.ts must be:\n   * %s", strings.Join(want, "\n   * "))
	}
}

func TestWhatIsNotGivenHasTheStandardValue(t *testing.T) {
	env := map[string]string{"SESSION_TARGET": "http://127.0.0.1:1", "SESSION_RATE": "1"}
	config, err := ReadConfig(everything, env)
	if err != nil {
		t.Fatal(err)
	}
	want := Config{
		Workload: everything, Target: config.Target, Loop: OpenLoop, Rate: 1, Warmup: 2 * time.Second, Duration: 10 * time.Second,
		Connections: 64, Seed: 1, Timeout: 5 * time.Second, Overtime: byPhaseLength, ProbeDelay: 250 * time.Millisecond,
	}
	if got := config.overtimeOf(3 * time.Second); got != 8*time.Second {
		t.Errorf("overtime is %v after 3 s of load with a time-out of 5 s", got)
	}
	if config != want {
		t.Errorf("read %+v, not %+v", config, want)
	}
	for _, v := range variablesOf(&Config{}) {
		if (v.standard == "") == (v.absence == "") || v.standard != "" && !v.value.read(v.standard) {
			t.Errorf("%s: standard value %q, absence %q", v.name, v.standard, v.absence)
		}
	}
}

func TestALoopHasItsRateOrNone(t *testing.T) {
	for _, each := range []struct {
		loop, rate string
		sound      bool
	}{
		{"open", "5", true}, {"", "5", true}, {"open", "", false}, {"open", "0", false}, {"closed", "", true}, {"closed", "5", false},
	} {
		env := map[string]string{"SESSION_TARGET": "http://127.0.0.1:1", "SESSION_LOOP": each.loop, "SESSION_RATE": each.rate}
		_, err := ReadConfig(everything, env)
		if (err == nil) != each.sound || err != nil && !strings.Contains(err.Error(), "1 mistake(s)") {
			t.Errorf("loop %q at rate %q: %v", each.loop, each.rate, err)
		}
	}
}

package session

import (
	"fmt"
	"math"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"
)

// Loop says how load is offered.
type Loop string

// In an open loop operations arrive at a rate, whatever the answers do. In a closed loop each connection sends its next
// operation when it has the answer to the last.
const (
	OpenLoop   Loop = "open"
	ClosedLoop Loop = "closed"
)

// Mix holds the share of each operation; the shares sum to 1.
type Mix struct {
	Login  float64 `js:"login"`
	Read   float64 `js:"read"`
	Write  float64 `js:"write"`
	Logout float64 `js:"logout"`
}

// at gives the operation at a point from 0 to 1 when the shares are laid end to end.
func (mix Mix) at(point float64) Operation {
	switch {
	case point < mix.Read:
		return Read
	case point < mix.Read+mix.Write:
		return Write
	case point < mix.Read+mix.Write+mix.Login:
		return Login
	}
	return Logout
}

// Workload is what the engine reads of a scenario's workload. record/workload.ts describes all of it.
type Workload struct {
	Mix          Mix     `js:"mix"`
	PayloadBytes int     `js:"payloadBytes"`
	Sessions     int     `js:"sessions"`
	ZipfExponent float64 `js:"zipfExponent"`
	Arrival      Arrival `js:"arrival"`
}

// Config describes one load: a workload, and what the variables say.
type Config struct {
	Workload
	// Target is the base URL, http only.
	Target *url.URL
	Loop   Loop
	// Rate is the number of arrivals per second; 0 in a closed loop.
	Rate             float64
	Warmup, Duration time.Duration
	Connections      int
	Seed             uint64
	// Timeout bounds one operation from its sending.
	Timeout time.Duration
	// Overtime is how long after a phase's last intended start operations that found no free connection are still sent. What
	// is then left is dropped, and counted. It bounds how long an overloaded target keeps the load going. See overtimeOf.
	Overtime time.Duration
	// Sweep says whether all sessions are looked at once more after the load.
	Sweep bool
	// ProbeDelay passes between a logout's answer and its probe.
	ProbeDelay time.Duration
	// Members is the file of clients that have their sessions already; empty: everybody logs in first.
	Members string
	// Out is the folder for engine.json and histograms.jsonl; empty writes none.
	Out string
	// Control is the path of the unix socket where progress is told; empty tells nobody.
	Control string
}

// byPhaseLength is the Overtime that depends on the length of the phase.
const byPhaseLength time.Duration = -1

func (config Config) overtimeOf(phaseLength time.Duration) time.Duration {
	if config.Overtime == byPhaseLength {
		return phaseLength + config.Timeout
	}
	return config.Overtime
}

// ConfigError names every mistake of a configuration.
type ConfigError struct{ Mistakes []string }

func (err *ConfigError) Error() string {
	return fmt.Sprintf("the load cannot be started, %d mistake(s):\n  - %s",
		len(err.Mistakes), strings.Join(err.Mistakes, "\n  - "))
}

func (err *ConfigError) add(format string, args ...any) {
	err.Mistakes = append(err.Mistakes, fmt.Sprintf(format, args...))
}

// ReadConfig takes a workload and the variables that refine it (k6's __ENV).
// All mistakes are found before any load is sent, and come back together as a *ConfigError.
func ReadConfig(workload Workload, env map[string]string) (Config, error) {
	mistakes := &ConfigError{}
	config := Config{Workload: workload, Overtime: byPhaseLength}
	variables := variablesOf(&config)
	mistakes.checkNames(variables, env)
	mistakes.checkWorkload(workload)
	for _, each := range variables {
		mistakes.read(each, env[each.name])
	}
	rate := env["SESSION_RATE"]
	if config.Loop == OpenLoop && rate == "" {
		mistakes.add("SESSION_RATE is missing; give operations per second, or SESSION_LOOP=closed")
	}
	if config.Loop == ClosedLoop && rate != "" {
		mistakes.add("SESSION_RATE has no meaning with SESSION_LOOP=closed; leave one of them out")
	}
	mistakes.checkRoom(config)
	if len(mistakes.Mistakes) > 0 {
		return Config{}, mistakes
	}
	return config, nil
}

// checkNames finds misspelt variables. k6 mixes the system's variables into a script's: those are not ours to judge
// (desktops set SESSION_MANAGER).
func (err *ConfigError) checkNames(variables []variable, env map[string]string) {
	var unknown []string
	for name, text := range env {
		known := slices.ContainsFunc(variables, func(v variable) bool { return v.name == name })
		inherited, found := os.LookupEnv(name)
		if strings.HasPrefix(name, "SESSION_") && !known && (!found || inherited != text) {
			unknown = append(unknown, name)
		}
	}
	slices.Sort(unknown)
	for _, name := range unknown {
		err.add("%s is not known; infra/k6/session.d.ts lists the variables", name)
	}
}

func (err *ConfigError) read(v variable, text string) {
	switch {
	case text == "" && v.absence == required:
		err.add("%s is missing; give %s", v.name, v.value.accepts)
	case text == "" && v.standard == "":
	case text == "":
		v.value.read(v.standard)
	case !v.value.read(text):
		err.add("%s is %q; give %s", v.name, text, v.value.accepts)
	}
}

func (err *ConfigError) checkWorkload(workload Workload) {
	err.checkArrival(workload.Arrival)
	mix := workload.Mix
	sum := mix.Login + mix.Read + mix.Write + mix.Logout
	shares := mix.Login >= 0 && mix.Read >= 0 && mix.Write >= 0 && mix.Logout >= 0
	// Written so that NaN, which compares with nothing, is a mistake too.
	if !shares || !(math.Abs(sum-1) <= 1e-9) {
		err.add("the workload's mix must be shares from 0 to 1 that sum to 1; they sum to %v", sum)
	}
	if !(workload.ZipfExponent >= 0 && workload.ZipfExponent <= 5) {
		err.add("the workload's zipfExponent is %v; give a number from 0 to 5", workload.ZipfExponent)
	}
	if workload.Sessions < 1 || workload.Sessions > maxSessions {
		err.add("the workload's sessions is %d; give a whole number from 1 to %d", workload.Sessions, maxSessions)
	}
	if workload.PayloadBytes < 0 || workload.PayloadBytes > maxPayload {
		err.add("the workload's payloadBytes is %d; give a whole number from 0 to %d", workload.PayloadBytes, maxPayload)
	}
}

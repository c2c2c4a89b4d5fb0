package session

import (
	"fmt"
	"math"
	"net"
	"net/url"
	"os"
	"sort"
	"strconv"
	"strings"
	"time"
)

// Loop says how load is offered.
type Loop string

// In an open loop operations arrive at a rate, whatever the answers do; in a closed loop each connection sends its
// next operation when it has the answer to the last.
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

// Config describes one load.
type Config struct {
	// Target is the base URL, http only.
	Target *url.URL
	Loop   Loop
	// Rate is the number of arrivals per second; 0 in a closed loop.
	Rate     float64
	Poisson  bool
	Warmup   time.Duration
	Duration time.Duration
	// Sessions is the number of slots in the pool.
	Sessions     int
	PayloadBytes int
	ZipfExponent float64
	Connections  int
	Seed         uint64
	// Timeout bounds one operation from its sending.
	Timeout time.Duration
	// Overtime is how long after a phase's last intended start operations that found no free connection are still sent;
	// what then is left is dropped, and counted. It bounds how long an overloaded target keeps the load going. Negative:
	// the length of the phase plus Timeout.
	Overtime time.Duration
	// ProbeDelay passes between a logout's answer and its probe.
	ProbeDelay time.Duration
	// Out is the folder for engine.json and histograms.jsonl; empty writes none.
	Out string
	// Control is the path of a unix socket that is told of progress; empty tells nobody.
	Control  string
	Mix      Mix
	Portable bool
}

// ConfigError names every mistake of a configuration.
type ConfigError struct{ Mistakes []string }

func (err *ConfigError) Error() string {
	return fmt.Sprintf("the load cannot be started, %d mistake(s):\n  - %s",
		len(err.Mistakes), strings.Join(err.Mistakes, "\n  - "))
}

// Workload is what a scenario says of itself.
type Workload struct {
	Name         string  `js:"name"`
	Mix          Mix     `js:"mix"`
	PayloadBytes int     `js:"payloadBytes"`
	Sessions     int     `js:"sessions"`
	ZipfExponent float64 `js:"zipfExponent"`
}

const (
	maxRate       = 1_000_000
	maxSessions   = 10_000_000
	maxPayload    = 65_536
	maxDuration   = 24 * 3600.0
	maxConnection = 10_000
	// maxSeed is the largest whole number that every JSON reader keeps exactly.
	maxSeed = 1<<53 - 1
)

var knownVariables = map[string]bool{
	"SESSION_TARGET": true, "SESSION_LOOP": true, "SESSION_RATE": true, "SESSION_ARRIVALS": true,
	"SESSION_WARMUP": true, "SESSION_DURATION": true, "SESSION_SESSIONS": true, "SESSION_PAYLOAD": true,
	"SESSION_CONNECTIONS": true, "SESSION_SEED": true, "SESSION_OUT": true, "SESSION_CONTROL": true,
	"SESSION_TIMEOUT_MS": true, "SESSION_PROBE_DELAY_MS": true, "SESSION_ALLOW_REMOTE": true, "SESSION_ENGINE": true,
	"SESSION_OVERTIME": true,
}

// reader takes variables one by one and gathers what is wrong with them.
type reader struct {
	env      map[string]string
	mistakes []string
}

func (r *reader) mistake(format string, args ...any) {
	r.mistakes = append(r.mistakes, fmt.Sprintf(format, args...))
}

func (r *reader) number(name string, fallback, low, high float64) float64 {
	text, given := r.env[name]
	if !given || text == "" {
		return fallback
	}
	value, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(value) || value < low || value > high {
		r.mistake("%s is %q; give a number from %v to %v", name, text, low, high)
		return fallback
	}
	return value
}

func (r *reader) whole(name string, fallback, low, high int) int {
	value := r.number(name, float64(fallback), float64(low), float64(high))
	if value != math.Trunc(value) {
		r.mistake("%s is %q; give a whole number", name, r.env[name])
	}
	return int(value)
}

func (r *reader) word(name, fallback string, known ...string) string {
	text, given := r.env[name]
	if !given || text == "" {
		return fallback
	}
	for _, each := range known {
		if text == each {
			return text
		}
	}
	r.mistake("%s is %q; give one of %s", name, text, strings.Join(known, ", "))
	return fallback
}

func (r *reader) target() *url.URL {
	text := r.env["SESSION_TARGET"]
	if text == "" {
		r.mistake("SESSION_TARGET is missing; give the app's address: -e SESSION_TARGET=http://127.0.0.1:8080")
		return nil
	}
	target, err := url.Parse(text)
	if err != nil || target.Scheme != "http" || target.Hostname() == "" || target.User != nil ||
		strings.TrimSuffix(target.String(), "/") != "http://"+target.Host {
		r.mistake("SESSION_TARGET is %q; give http://HOST:PORT and nothing else (TLS is not spoken)", text)
		return nil
	}
	if !isLoopback(target.Hostname()) && r.env["SESSION_ALLOW_REMOTE"] != "1" {
		r.mistake("SESSION_TARGET is %q, which is not this machine; loading somebody else's host needs "+
			"SESSION_ALLOW_REMOTE=1 and their consent", text)
	}
	return target
}

func isLoopback(host string) bool {
	if host == "localhost" {
		return true
	}
	address := net.ParseIP(host)
	return address != nil && address.IsLoopback()
}

func (r *reader) seconds(name string, fallback, low float64) time.Duration {
	return time.Duration(r.number(name, fallback, low, maxDuration) * float64(time.Second))
}

func (r *reader) milliseconds(name string, fallback, low int) time.Duration {
	return time.Duration(r.whole(name, fallback, low, 600_000)) * time.Millisecond
}

// checkNames finds misspelt variables. k6 mixes the system's variables into a script's: those are not ours to judge
// (desktops set SESSION_MANAGER).
func (r *reader) checkNames() {
	var strangers []string
	for name, value := range r.env {
		inherited, found := os.LookupEnv(name)
		if strings.HasPrefix(name, "SESSION_") && !knownVariables[name] && (!found || inherited != value) {
			strangers = append(strangers, name)
		}
	}
	sort.Strings(strangers)
	for _, name := range strangers {
		r.mistake("%s is not known; the variables are listed in infra/k6/session.d.ts", name)
	}
}

func (r *reader) checkWorkload(workload Workload) {
	mix := workload.Mix
	sum := mix.Login + mix.Read + mix.Write + mix.Logout
	shares := mix.Login >= 0 && mix.Read >= 0 && mix.Write >= 0 && mix.Logout >= 0
	// Written so that NaN, which compares with nothing, is a mistake too.
	if !shares || !(math.Abs(sum-1) <= 1e-9) {
		r.mistake("the workload's mix must be shares from 0 to 1 that sum to 1; they sum to %v", sum)
	}
	if !(workload.ZipfExponent >= 0 && workload.ZipfExponent <= 5) {
		r.mistake("the workload's zipfExponent is %v; give a number from 0 to 5", workload.ZipfExponent)
	}
	if workload.Sessions < 1 || workload.Sessions > maxSessions {
		r.mistake("the workload's sessions is %d; give a whole number from 1 to %d", workload.Sessions, maxSessions)
	}
	if workload.PayloadBytes < 0 || workload.PayloadBytes > maxPayload {
		r.mistake("the workload's payloadBytes is %d; give a whole number from 0 to %d", workload.PayloadBytes, maxPayload)
	}
}

// ReadConfig takes a workload and the variables that refine it (k6's __ENV).
// All mistakes are found before any load is sent, and come back together as a *ConfigError.
func ReadConfig(workload Workload, env map[string]string) (Config, error) {
	r := &reader{env: env}
	r.checkNames()
	r.checkWorkload(workload)
	config := Config{
		Target:       r.target(),
		Loop:         Loop(r.word("SESSION_LOOP", string(OpenLoop), string(OpenLoop), string(ClosedLoop))),
		Rate:         r.number("SESSION_RATE", 0, 0, maxRate),
		Poisson:      r.word("SESSION_ARRIVALS", "constant", "constant", "poisson") == "poisson",
		Warmup:       r.seconds("SESSION_WARMUP", 2, 0),
		Duration:     r.seconds("SESSION_DURATION", 10, 0.1),
		Sessions:     r.whole("SESSION_SESSIONS", workload.Sessions, 1, maxSessions),
		PayloadBytes: r.whole("SESSION_PAYLOAD", workload.PayloadBytes, 0, maxPayload),
		ZipfExponent: workload.ZipfExponent,
		Connections:  r.whole("SESSION_CONNECTIONS", 64, 1, maxConnection),
		Seed:         uint64(r.whole("SESSION_SEED", 1, 0, maxSeed)),
		Timeout:      r.milliseconds("SESSION_TIMEOUT_MS", 5000, 1),
		Overtime:     r.seconds("SESSION_OVERTIME", -1, 0),
		ProbeDelay:   r.milliseconds("SESSION_PROBE_DELAY_MS", 250, 0),
		Out:          r.env["SESSION_OUT"],
		Control:      r.env["SESSION_CONTROL"],
		Mix:          workload.Mix,
		Portable:     r.word("SESSION_ENGINE", "native", "native", "portable") == "portable",
	}
	if text := r.env["SESSION_RATE"]; config.Loop == OpenLoop && (text == "" || text == "0") {
		r.mistake("SESSION_RATE is missing; give operations per second, or SESSION_LOOP=closed")
	}
	if config.Loop == ClosedLoop && config.Rate != 0 {
		r.mistake("SESSION_RATE has no meaning with SESSION_LOOP=closed; leave one out")
	}
	if len(r.mistakes) > 0 {
		return Config{}, &ConfigError{Mistakes: r.mistakes}
	}
	return config, nil
}

package session

import (
	"math"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	maxRate        = 1_000_000
	maxSessions    = 10_000_000
	maxPayload     = 65_536
	maxConnections = 10_000
	maxSeconds     = 24 * 3600
	maxMillis      = 600_000
	// maxSeed is the largest whole number that every JSON reader keeps exactly.
	maxSeed = 1<<53 - 1
)

// variable is one SESSION_ variable.
type variable struct {
	name, meaning string
	// standard is the value where none is given, written as a user would write it.
	standard string
	// absence says what holds instead where there is no standard value.
	absence string
	value   value
}

// value is what a variable can hold.
type value struct {
	// accepts completes "give …".
	accepts string
	// read puts the value into the configuration; false when it is not accepted.
	read func(text string) bool
}

// required is the absence of a variable that must be given.
const required = "required"

// variablesOf lists all variables, bound to a configuration that has the workload's values already. This is the one
// list: infra/k6/session.d.ts shows it to people, and a test holds that page to it.
func variablesOf(config *Config) []variable {
	return []variable{
		{"SESSION_TARGET", "the app", "", required, target(&config.Target)},
		{"SESSION_LOOP", "`open`: operations arrive at a rate; `closed`: each connection sends when it has its answer",
			string(OpenLoop), "", oneOf(&config.Loop, OpenLoop, ClosedLoop)},
		{"SESSION_RATE", "operations per second", "", "required in an open loop", number(&config.Rate, 0.001, maxRate)},
		{"SESSION_WARMUP", "length of the load before measuring", "2", "", inSeconds(&config.Warmup, 0)},
		{"SESSION_DURATION", "length of the measured load", "10", "", inSeconds(&config.Duration, 0.1)},
		{"SESSION_SESSIONS", "sessions alive", "", "the workload's", whole(&config.Sessions, 1, maxSessions)},
		{"SESSION_PAYLOAD", "bytes in each session", "", "the workload's", whole(&config.PayloadBytes, 0, maxPayload)},
		{"SESSION_CONNECTIONS", "keep-alive connections", "64", "", whole(&config.Connections, 1, maxConnections)},
		{"SESSION_SEED", "seed of every random choice", "1", "", whole(&config.Seed, 0, maxSeed)},
		{"SESSION_TIMEOUT_MS", "limit of one operation, from its sending", "5000", "",
			inMillis(&config.Timeout, 1)},
		{"SESSION_OVERTIME", "how long after a phase's last intended start operations that found no free connection " +
			"are still sent; the rest is dropped",
			"", "length of the phase plus time-out", inSeconds(&config.Overtime, 0)},
		{"SESSION_PROBE_DELAY_MS", "from a logout's answer to its probe", "250", "",
			inMillis(&config.ProbeDelay, 0)},
		{"SESSION_MEMBERS", "clients that have their sessions already: on each line the name of a user, a tab, and the value of " +
			"the Cookie header; they are the population, and nobody logs in",
			"", "everybody logs in", path(&config.Members, "file")},
		{"SESSION_SWEEP", "`1`: after the load, each session that is alive is read once more, and of those that ended the " +
			"latest 5000 are probed", "0", "", zeroOrOne(&config.Sweep)},
		{"SESSION_OUT", "where engine.json and histograms.jsonl are written", "", "not written", path(&config.Out, "folder")},
		{"SESSION_CONTROL", "where progress is told, and where the load waits for leave to measure", "", "not told",
			path(&config.Control, "unix socket")},
	}
}

func number(into *float64, low, high float64) value {
	return value{accepts: "a number " + span(low, high), read: func(text string) bool {
		number, ok := parseNumber(text, low, high)
		*into = number
		return ok
	}}
}

func whole[Whole int | uint64](into *Whole, low, high Whole) value {
	return value{accepts: "a whole number " + span(float64(low), float64(high)), read: func(text string) bool {
		number, ok := parseNumber(text, float64(low), float64(high))
		*into = Whole(number)
		return ok && number == math.Trunc(number)
	}}
}

func inSeconds(into *time.Duration, low float64) value {
	return duration(into, time.Second, "seconds ", low, maxSeconds)
}

func inMillis(into *time.Duration, low float64) value {
	return duration(into, time.Millisecond, "milliseconds ", low, maxMillis)
}

func duration(into *time.Duration, unit time.Duration, kind string, low, high float64) value {
	return value{accepts: kind + span(low, high), read: func(text string) bool {
		number, ok := parseNumber(text, low, high)
		*into = time.Duration(number * float64(unit))
		return ok
	}}
}

func span(low, high float64) string {
	plain := func(number float64) string { return strconv.FormatFloat(number, 'f', -1, 64) }
	return "from " + plain(low) + " to " + plain(high)
}

// parseNumber gives 0 and false for what is no number from low to high.
func parseNumber(text string, low, high float64) (float64, bool) {
	number, err := strconv.ParseFloat(text, 64)
	// Written so that NaN, which compares with nothing, is refused too.
	if err != nil || !(number >= low && number <= high) {
		return 0, false
	}
	return number, true
}

func oneOf[Word ~string](into *Word, known ...Word) value {
	var names []string
	for _, each := range known {
		names = append(names, string(each))
	}
	return value{accepts: strings.Join(names, " or "), read: func(text string) bool {
		*into = Word(text)
		return slices.Contains(known, *into)
	}}
}

func zeroOrOne(into *bool) value {
	return value{accepts: "0 or 1", read: func(text string) bool {
		*into = text == "1"
		return text == "0" || text == "1"
	}}
}

func path(into *string, kind string) value {
	return value{accepts: "the path of a " + kind, read: func(text string) bool {
		*into = text
		return true
	}}
}

func target(into **url.URL) value {
	accepts := "http://HOST:PORT on this machine, such as http://127.0.0.1:8080"
	return value{accepts: accepts, read: func(text string) bool {
		target, err := url.Parse(text)
		if err != nil {
			return false
		}
		*into = target
		return strings.TrimSuffix(target.String(), "/") == "http://"+target.Host && isLoopback(target.Hostname())
	}}
}

// isLoopback decides whether a host may be loaded: other machines are not ours to load.
func isLoopback(host string) bool {
	address := net.ParseIP(host)
	return host == "localhost" || address != nil && address.IsLoopback()
}

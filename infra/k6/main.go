// Command k6 is Grafana k6 with session-bench's engine, the JavaScript module k6/x/session.
package main

import (
	"os"
	"runtime/debug"

	"go.k6.io/k6/v2/cmd"

	_ "github.com/session-bench/session-bench/infra/k6/session"
)

// gcPercent trades memory for CPU time: the heap is small and flat, so a rarer collection costs some megabytes.
const gcPercent = 400

func main() {
	if _, given := os.LookupEnv("GOGC"); !given {
		debug.SetGCPercent(gcPercent)
	}
	cmd.Execute()
}

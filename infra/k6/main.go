//go:build linux

// Command k6 is Grafana k6 with the engine of session-bench, the JavaScript module k6/x/session. It builds on Linux only.
package main

import (
	"go.k6.io/k6/v2/cmd"

	_ "github.com/session-bench/session-bench/infra/k6/session"
)

func main() {
	cmd.Execute()
}

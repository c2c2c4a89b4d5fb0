package session

import "runtime/debug"

// Version is that of the module k6/x/session.
const Version = "0.1.0"

// k6Version reads the version of k6 that this binary was built with.
func k6Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, module := range info.Deps {
		if module.Path == "go.k6.io/k6/v2" {
			return module.Version
		}
	}
	return "unknown"
}

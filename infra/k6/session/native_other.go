//go:build !linux

package session

import "time"

func newNativeTransport(host string, now func() int64, connections int, timeout time.Duration) (transport, error) {
	return newPortableTransport(host, now, connections, timeout), nil
}

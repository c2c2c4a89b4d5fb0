//go:build !linux

package session

// lowerThreadPriority does nothing where threads have no priority of their own.
func lowerThreadPriority(int) {}

package session

import (
	"bytes"
	"os"
	"strconv"

	"golang.org/x/sys/unix"
)

// readUsage gives the CPU time that this process has used so far, and its resident memory now; both are 0 when they cannot
// be read.
func readUsage() Usage {
	var times unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &times); err != nil {
		return Usage{}
	}
	micros := func(t unix.Timeval) int64 { return int64(t.Sec)*1_000_000 + int64(t.Usec) }
	return Usage{CPUMicros: micros(times.Utime) + micros(times.Stime), MemoryBytes: residentBytes()}
}

func residentBytes() int64 {
	statm, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	fields := bytes.Fields(statm)
	if len(fields) < 2 {
		return 0
	}
	pages, err := strconv.ParseInt(string(fields[1]), 10, 64)
	if err != nil {
		return 0
	}
	return pages * int64(os.Getpagesize())
}

package main

import (
	"errors"
	"os"
	"regexp"
	"runtime"
	"strconv"
	"syscall"
)

// peak is the largest resident size of this process, in bytes. Linux counts what started the process into the size that getrusage has, and
// keeps one that begins with the program elsewhere.
func peak() (int64, error) {
	if runtime.GOOS == "linux" {
		status, err := os.ReadFile("/proc/self/status")
		if err != nil {
			return 0, err
		}
		found := highest.FindSubmatch(status)
		if found == nil {
			return 0, errors.New("no peak in /proc/self/status")
		}
		n, err := strconv.ParseInt(string(found[1]), 10, 64)
		return n << 10, err
	}
	var usage syscall.Rusage
	err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	if runtime.GOOS == "darwin" {
		return usage.Maxrss, err // in bytes there, in KiB elsewhere
	}
	return usage.Maxrss << 10, err
}

var highest = regexp.MustCompile(`VmHWM:\s*(\d+) kB`)

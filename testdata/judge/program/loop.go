package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"
)

// order is the line that tells a loop what to do.
type order struct {
	Call   int    `json:"call"`
	URL    string `json:"url"`
	ID     string `json:"id"`
	Do     string `json:"do"`
	Amount int64  `json:"amount,omitempty"`
	Tag    string `json:"tag,omitempty"`
}

// report is the line with which it answers.
type report struct {
	Call int    `json:"call"`
	Said string `json:"said"` // done, failed or unknown
	Text string `json:"text,omitempty"`
}

// loop is the program under test. It is started when it is needed, and again after a call that did not end.
type loop struct {
	command []string
	limit   time.Duration

	cmd   *exec.Cmd
	in    io.WriteCloser
	lines chan report
}

func (l *loop) start() error {
	l.cmd = exec.Command(l.command[0], l.command[1:]...)
	l.cmd.Stderr = os.Stderr
	in, err := l.cmd.StdinPipe()
	if err != nil {
		return err
	}
	out, err := l.cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := l.cmd.Start(); err != nil {
		return fmt.Errorf("the loop does not start: %w", err)
	}
	l.in, l.lines = in, make(chan report, 1)
	go func(lines chan<- report) {
		defer close(lines)
		for scanner := bufio.NewScanner(out); scanner.Scan(); {
			var r report
			if json.Unmarshal(scanner.Bytes(), &r) == nil {
				lines <- r
			}
		}
	}(l.lines)
	return nil
}

// call has the loop make a call. A call that does not end in time ends the loop, and is said to be stuck.
func (l *loop) call(o order) (report, error) {
	if l.cmd == nil {
		if err := l.start(); err != nil {
			return report{}, err
		}
	}
	if err := json.NewEncoder(l.in).Encode(o); err != nil {
		return report{}, fmt.Errorf("the loop does not listen: %w", err)
	}
	timer := time.NewTimer(l.limit)
	defer timer.Stop()
	for {
		select {
		case r, open := <-l.lines:
			if !open {
				l.cmd = nil
				return report{}, fmt.Errorf("the loop ended in call %d", o.Call)
			}
			if r.Call == o.Call {
				return r, nil
			}
		case <-timer.C:
			l.stop()
			return report{Call: o.Call, Said: "stuck"}, nil
		}
	}
}

func (l *loop) stop() {
	if l.cmd == nil {
		return
	}
	_ = l.in.Close()
	_ = l.cmd.Process.Kill() // it may hang: that is what it is tested for
	_ = l.cmd.Wait()
	l.cmd = nil
}

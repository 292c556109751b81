// Package postgres starts a PostgreSQL of its own in a temporary folder, for tests: as an ordinary user, on a free port of this machine,
// and ends it.
package postgres

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// ErrNone says that no PostgreSQL is installed.
var ErrNone = errors.New("there is no PostgreSQL on this machine (Debian: apt-get install postgresql)")

// Cluster is a PostgreSQL that runs, or is between two starts.
type Cluster struct {
	bin, dir string
	port     int
	as       *syscall.Credential // nil: who runs the test
	server   *exec.Cmd
	ended    chan error
}

// Start makes a cluster and starts it. Stop ends it.
func Start(ctx context.Context) (*Cluster, error) {
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "postgres")
	if err != nil {
		return nil, err
	}
	c := &Cluster{bin: bin, dir: dir}
	if err := c.prepare(ctx); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	if err := c.start(ctx); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return c, nil
}

// binaries finds the folder of initdb and postgres, of the newest version where there are several.
func binaries() (string, error) {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil {
		return "", err
	}
	slices.SortFunc(found, func(a, b string) int { return version(a) - version(b) })
	if len(found) > 0 {
		return filepath.Dir(found[len(found)-1]), nil
	}
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path), nil
	}
	return "", ErrNone
}

func version(path string) int {
	n, _ := strconv.Atoi(strings.Split(path, "/")[4])
	return n
}

// prepare gives the folder to an ordinary user, since PostgreSQL does not run as root, and makes a database in it.
func (c *Cluster) prepare(ctx context.Context) error {
	if os.Geteuid() == 0 {
		u, err := user.Lookup("postgres")
		if err != nil {
			u, err = user.Lookup("nobody")
		}
		if err != nil {
			return err
		}
		uid, _ := strconv.Atoi(u.Uid)
		gid, _ := strconv.Atoi(u.Gid)
		c.as = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
		if err := os.Chown(c.dir, uid, gid); err != nil {
			return err
		}
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	c.port = listener.Addr().(*net.TCPAddr).Port
	if err := listener.Close(); err != nil {
		return err
	}
	out, err := c.command(ctx, "initdb", "-D", c.data(), "-U", "test", "--auth=trust", "--no-sync", "-E", "UTF8", "--no-locale").
		CombinedOutput()
	if err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, out)
	}
	return nil
}

func (c *Cluster) data() string { return filepath.Join(c.dir, "data") }

func (c *Cluster) command(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, filepath.Join(c.bin, name), args...)
	cmd.Dir = c.dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: c.as, Pdeathsig: syscall.SIGQUIT}
	return cmd
}

// start starts the server, and waits until it answers.
func (c *Cluster) start(ctx context.Context) error {
	c.server = c.command(context.WithoutCancel(ctx), "postgres", "-D", c.data(), "-p", strconv.Itoa(c.port), "-c",
		"listen_addresses=127.0.0.1",
		"-c", "unix_socket_directories="+c.dir, "-c", "fsync=off", "-c", "max_connections=200")
	if err := c.server.Start(); err != nil {
		return err
	}
	c.ended = make(chan error, 1)
	go func(cmd *exec.Cmd, ended chan error) { ended <- cmd.Wait() }(c.server, c.ended)
	for range 600 {
		ready := c.command(ctx, "pg_isready", "-q", "-h", "127.0.0.1", "-p", strconv.Itoa(c.port), "-U", "test").Run()
		if ready == nil {
			return nil
		}
		select {
		case err := <-c.ended:
			return fmt.Errorf("postgres ended: %w", err)
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
	return errors.New("postgres does not answer")
}

// URL is where it listens.
func (c *Cluster) URL() string {
	return fmt.Sprintf("postgres://test@127.0.0.1:%d/postgres?sslmode=disable", c.port)
}

// Restart ends the server at once, as a crash does, and starts it again: connections break, and it recovers from its log.
func (c *Cluster) Restart(ctx context.Context) error {
	if err := c.end(syscall.SIGQUIT); err != nil {
		return err
	}
	return c.start(ctx)
}

func (c *Cluster) end(how os.Signal) error {
	if err := c.server.Process.Signal(how); err != nil {
		return err
	}
	select {
	case <-c.ended:
		return nil
	case <-time.After(30 * time.Second):
		return errors.Join(errors.New("postgres does not end"), c.server.Process.Kill())
	}
}

// Stop ends the server and deletes its folder.
func (c *Cluster) Stop() error {
	return errors.Join(c.end(syscall.SIGINT), os.RemoveAll(c.dir))
}

// ForTest starts a cluster for a test. Where there is no PostgreSQL the test is skipped, but never in CI.
func ForTest(t testing.TB) *Cluster {
	t.Helper()
	c, err := Start(t.Context())
	if errors.Is(err, ErrNone) && os.Getenv("CI") == "" {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Stop(); err != nil {
			t.Log(err)
		}
	})
	return c
}

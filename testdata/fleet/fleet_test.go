package fleet_test

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	contacts "github.com/contactsgen/contactsgen/testdata/fleet/client"
	"github.com/contactsgen/contactsgen/testdata/fleet/postgres"
	"github.com/contactsgen/contactsgen/testdata/fleet/service"
)

const (
	fleetSize    = 6
	fleetCallers = 4
	fleetKeys    = 400
	fleetRate    = 200 // requests a second that the service takes
)

var kinds = []string{"marked", "append", "set", "hooked", "bare"}

// fleet is processes that share a service and a database.
type fleet struct {
	t       *testing.T
	service *service.Service
	work    work
	db      *sql.DB
	mu      sync.Mutex
	running []*exec.Cmd
	kills   int
}

func newFleet(t *testing.T, seed uint64, jobs int, settings service.Settings) *fleet {
	if cluster == nil {
		t.Skip(postgres.ErrNone)
	}
	f := &fleet{t: t, service: service.New(seed, settings)}
	for i := range fleetKeys {
		f.service.Add(key(i))
	}
	url, closeService, err := f.service.Listen()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = closeService() })
	f.work = work{Service: url, Database: cluster.URL(), Callers: fleetCallers, Rate: fleetRate * 98 / 100, Processes: fleetSize}
	if f.db, err = sql.Open("pgx", cluster.URL()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.db.Close() })
	d, err := contacts.NewDatabase(f.db, contacts.PostgreSQL, contacts.DatabaseOptions{})
	if err != nil {
		t.Fatal(err)
	}
	f.exec(`DROP TABLE IF EXISTS client_limits, client_locks, client_journal, jobs`)
	if err := d.CreateTables(t.Context()); err != nil {
		t.Fatal(err)
	}
	f.exec(
		`CREATE TABLE jobs (id text PRIMARY KEY, place int, state text DEFAULT 'open', until timestamptz DEFAULT now(), taken int DEFAULT 0, again bool DEFAULT false)`,
	)
	f.exec(`CREATE INDEX ON jobs (state, place)`)
	for i := range jobs {
		f.exec(`INSERT INTO jobs (id, place, again) VALUES ($1, $2, $3)`, fmt.Sprintf("%s/%s/%d", kinds[i%len(kinds)], key(i%fleetKeys), i), i,
			i%4 == 0)
	}
	return f
}

func key(i int) string { return fmt.Sprintf("contact-%03d", i) }

func (f *fleet) exec(statement string, args ...any) {
	f.t.Helper()
	if _, err := f.db.Exec(statement, args...); err != nil {
		f.t.Fatal(err)
	}
}

// states counts the jobs by their state.
func (f *fleet) states() (map[string]int, error) {
	rows, err := f.db.Query(`SELECT state, count(*) FROM jobs GROUP BY state`)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	states := map[string]int{}
	for rows.Next() {
		var state string
		var n int
		if err := rows.Scan(&state, &n); err != nil {
			return nil, err
		}
		states[state] = n
	}
	return states, rows.Err()
}

// start starts a process.
func (f *fleet) start(w work) *exec.Cmd {
	task, err := json.Marshal(w)
	if err != nil {
		f.t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), workerEnv+"="+string(task))
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	cmd.Stderr = os.Stderr
	if !w.Pause {
		cmd.Stdout = os.Stdout
	}
	return cmd
}

// one runs a process until it is killed, or has nothing more to do, and then another one in its place.
func (f *fleet) keepRunning(ctx context.Context, place int) {
	for ctx.Err() == nil {
		cmd := f.start(f.work)
		f.mu.Lock()
		err := cmd.Start()
		f.running[place] = cmd
		f.mu.Unlock()
		if err != nil {
			f.t.Error(err)
			return
		}
		if cmd.Wait() == nil {
			return
		}
	}
}

// signal sends a signal to a process that runs.
func (f *fleet) signal(place int, s syscall.Signal) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if cmd := f.running[place]; cmd != nil && cmd.Process != nil {
		_ = cmd.Process.Signal(s)
	}
}

// run lets the fleet do its jobs while things happen to it, and tells how long that took.
func (f *fleet) run(seed uint64) time.Duration {
	ctx, done := context.WithTimeout(f.t.Context(), 3*time.Minute)
	defer done()
	f.running = make([]*exec.Cmd, fleetSize)
	started := time.Now()
	over := make(chan struct{})
	var all, accidents sync.WaitGroup
	for i := range fleetSize {
		all.Go(func() { f.keepRunning(ctx, i) })
	}
	accidents.Go(func() { f.kill(over, rand.New(rand.NewPCG(seed, 2))) })
	accidents.Go(func() { f.disturb(ctx, over) })
	all.Wait()
	took := time.Since(started)
	close(over)
	accidents.Wait()
	if ctx.Err() != nil {
		f.t.Error("the fleet did not come to an end")
	}
	return took
}

// kill kills a process every 100 to 300 ms.
func (f *fleet) kill(over <-chan struct{}, random *rand.Rand) {
	for {
		select {
		case <-over:
			return
		case <-time.After(100*time.Millisecond + time.Duration(random.Int64N(int64(200*time.Millisecond)))):
			f.signal(random.IntN(fleetSize), syscall.SIGKILL)
			f.kills++
		}
	}
}

// disturb stops a process for longer than its locks last, and has the database crash twice.
func (f *fleet) disturb(ctx context.Context, over <-chan struct{}) {
	for i := 0; ; i++ {
		select {
		case <-over:
			return
		case <-time.After(1500 * time.Millisecond):
		}
		if i == 1 || i == 3 {
			if err := cluster.Restart(ctx); err != nil {
				f.t.Error(err)
			}
			continue
		}
		f.signal(i%fleetSize, syscall.SIGSTOP)
		time.Sleep(2 * lockLife)
		f.signal(i%fleetSize, syscall.SIGCONT)
	}
}

// outcome is what became of the jobs of a run.
type outcome struct{ once, twice, lost, undecided, doubtful int }

func (f *fleet) outcome() (o outcome) {
	rows, err := f.db.Query(`SELECT id, state FROM jobs`)
	if err != nil {
		f.t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var id, state string
		if err := rows.Scan(&id, &state); err != nil {
			f.t.Fatal(err)
		}
		n := f.service.Applied(id)
		switch {
		case n > 1:
			o.twice++
			f.t.Logf("%s (%s) was applied %d times", id, state, n)
		case n == 1 && state != "undecided":
			o.once++
		case state == "undecided":
			o.undecided++
			if id[:4] != "bare" {
				o.doubtful++
			}
		default:
			o.lost++
			f.t.Logf("%s (%s) was not applied", id, state)
		}
	}
	return o
}

// TestFleet is the proof of "never twice, never lost": processes that are killed, paused and cut off from a database that crashes, on a
// server that loses answers.
func TestFleet(t *testing.T) {
	seeds, _ := strconv.Atoi(os.Getenv("FLEET_SEEDS"))
	t.Log("limit    applied once  twice  lost  undecided  requests per success  429s  kills   time  of the allowed rate")
	for seed := range uint64(max(1, seeds)) {
		for _, limit := range []string{"none", "static", "shared"} {
			f := newFleet(t, seed, 3*fleetKeys, service.Settings{Rate: fleetRate, Burst: 40, Lose: 0.1, Delay: 2 * time.Millisecond})
			f.work.Limit, f.work.Locker = limit, true
			took := f.run(seed)
			o := f.outcome()
			s := f.service
			t.Logf("%-7s %13d %6d %5d %10d %21.2f %5d %6d %5.1fs %5.0f %%", limit, o.once, o.twice, o.lost, o.undecided,
				float64(s.Counts().Requests)/float64(max(1, o.once)), s.Counts().Throttled, f.kills, took.Seconds(), 100*s.Throughput()/fleetRate)
			if o.twice != 0 || o.lost != 0 || o.doubtful != 0 {
				t.Errorf("seed %d, limit %s: %d twice, %d lost, %d undecided though something could decide", seed, limit, o.twice, o.lost, o.doubtful)
			}
			if limit == "shared" && s.Counts().Throttled != 0 {
				t.Errorf("seed %d: %d answers of 429 with the shared limiter", seed, s.Counts().Throttled)
			}
			if limit == "shared" {
				f.again()
			}
		}
	}
}

// again has two hosts make calls once more that are done: nothing is written.
func (f *fleet) again() {
	before := f.outcome()
	w := f.work
	w.Again = true
	var all sync.WaitGroup
	for range 2 {
		all.Go(func() {
			if err := f.start(w).Run(); err != nil {
				f.t.Error(err)
			}
		})
	}
	all.Wait()
	states, err := f.states()
	if after := f.outcome(); err != nil || states["again"] == 0 || after != before {
		f.t.Errorf("two hosts made %d calls again, and of %+v became %+v (%v)", states["again"], before, after, err)
	}
}

// TestOneContactOfManyProcesses counts what it costs when all processes update the same contact.
func TestOneContactOfManyProcesses(t *testing.T) {
	const processes, times = 12, 20
	for _, locked := range []bool{true, false} {
		f := newFleet(t, 1, 0, service.Settings{Delay: 10 * time.Millisecond})
		w := f.work
		w.OneKey, w.Times, w.Locker = key(0), times, locked
		var all sync.WaitGroup
		for range processes {
			all.Go(func() {
				if err := f.start(w).Run(); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		per := float64(f.service.Counts().Requests) / (processes * times)
		t.Logf("%d processes × %d updates of one contact, locker %v: %.2f requests per success, %d conflicts", processes, times, locked, per,
			f.service.Counts().Conflicts)
		if got := f.service.Info(key(0), "locale"); got != strconv.Itoa(processes*times) {
			t.Errorf("locker %v: the counter is %s", locked, got)
		}
		if locked && per > 2.1 {
			t.Errorf("%.2f requests for each success with the locker", per)
		}
	}
}

// TestPausedProcess shows what guards a write: a process that was paused for longer than its lock lasts is refused by the revision.
func TestPausedProcess(t *testing.T) {
	f := newFleet(t, 1, 0, service.Settings{})
	w := f.work
	w.OneKey, w.Times, w.Locker = key(0), 1, true
	paused := w
	paused.Pause = true
	first := f.start(paused)
	said, err := first.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	goOn, err := first.StdinPipe()
	if err == nil {
		err = first.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(said).ReadString('\n'); err != nil || line != "ready\n" {
		t.Fatal(line, err)
	}
	if err := first.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	if err := f.start(w).Run(); err != nil { // waits for the lock to end, and has it then
		t.Fatal(err)
	}
	if got := f.service.Info(key(0), "locale"); got != "1" {
		t.Errorf("the counter is %s", got)
	}
	if err := first.Process.Signal(syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	if _, err := goOn.Write([]byte{'\n'}); err != nil {
		t.Fatal(err)
	}
	if err := first.Wait(); err != nil {
		t.Error(err)
	}
	if got := f.service.Info(key(0), "locale"); got != "2" || f.service.Counts().Conflicts != 1 {
		t.Errorf("the counter is %s after %d conflicts", got, f.service.Counts().Conflicts)
	}
}

package session

import (
	"errors"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestCookies(t *testing.T) {
	for _, each := range []struct {
		name   string
		given  []string
		header string
	}{
		{"one", []string{"session=abc; Path=/; HttpOnly"}, "session=abc"},
		{"two", []string{"session=abc", "SRV=app1; path=/"}, "session=abc; SRV=app1"},
		{"the last value wins", []string{"session=abc", "SRV=app1", "session=def"}, "session=def; SRV=app1"},
		{"a value with an equals sign", []string{"a=b=c=="}, "a=b=c=="},
		{"an empty value", []string{"a="}, "a="},
		{"deleted by Max-Age", []string{"a=1", "b=2", "a=; Max-Age=0"}, "b=2"},
		{"deleted by a negative Max-Age", []string{"a=1", "a=; Max-Age=-1"}, ""},
		{"deleted by Expires", []string{"a=1", "b=2", "a=x; Expires=Thu, 01 Jan 1970 00:00:00 GMT"}, "b=2"},
		{"deleted by an old form of Expires", []string{"a=1", "a=; Expires=Thu, 01-Jan-1970 00:00:01 GMT; path=/"}, ""},
		{"Max-Age before Expires", []string{"a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=60"}, "a=1"},
		{"still to come", []string{"a=1; Expires=Fri, 31 Dec 9999 23:59:59 GMT"}, "a=1"},
		{"no cookies", []string{"", "nonsense", "=value"}, ""},
		{"set again after its deletion", []string{"a=1", "b=2", "a=; Max-Age=0", "a=3"}, "b=2; a=3"},
	} {
		t.Run(each.name, func(t *testing.T) {
			var jar cookieJar
			for _, header := range each.given {
				jar.take([]byte(header))
			}
			if got := string(jar.header); got != each.header {
				t.Errorf("sends %q, not %q", got, each.header)
			}
		})
	}
}

func TestAJarCanBeUsedAgain(t *testing.T) {
	var jar cookieJar
	jar.takeAll([][]byte{[]byte("a=1"), []byte("b=2")})
	jar.clear()
	if len(jar.header) != 0 {
		t.Errorf("sends %q after it was cleared", jar.header)
	}
	jar.takeAll([][]byte{[]byte("c=3")})
	if got := string(jar.header); got != "c=3" {
		t.Errorf("sends %q", got)
	}
}

// Draws are compared with the law itself by a chi-square test; 5 standard deviations are one false alarm in millions, and
// the seed is fixed.
func TestZipfFollowsItsLaw(t *testing.T) {
	const ranks, draws = 50, 200_000
	for _, exponent := range []float64{0, 0.6, 0.99, 1, 1.21, 3} {
		z := newZipf(rand.New(rand.NewPCG(1, 2)), exponent, ranks)
		var seen [ranks]float64
		for range draws {
			seen[z.draw()]++
		}
		norm := 0.0
		for rank := range ranks {
			norm += math.Pow(float64(rank+1), -exponent)
		}
		square, degrees := 0.0, -1.0
		for rank := range ranks {
			expected := draws * math.Pow(float64(rank+1), -exponent) / norm
			if expected < 5 {
				continue
			}
			square += (seen[rank] - expected) * (seen[rank] - expected) / expected
			degrees++
		}
		if limit := degrees + 5*math.Sqrt(2*degrees); square > limit {
			t.Errorf("exponent %v: chi-square is %.1f, limit %.1f", exponent, square, limit)
		}
	}
}

func TestZipfOfOne(t *testing.T) {
	z := newZipf(rand.New(rand.NewPCG(1, 2)), 0.6, 1)
	for range 100 {
		if got := z.draw(); got != 0 {
			t.Fatalf("drew %d of one", got)
		}
	}
}

func TestPickNeverGivesABusySession(t *testing.T) {
	p := newPool(rand.New(rand.NewPCG(1, 2)), 100, 1.2, "u-")
	for range 100 {
		slot, _ := p.takeFree()
		p.setLive(slot, true)
	}
	picked := map[int32]bool{}
	for range 100 {
		slot, found := p.pick()
		if !found || picked[slot] {
			t.Fatalf("found %v, picked before %v", found, picked[slot])
		}
		picked[slot] = true
		p.clients[slot].busy = true
	}
	if _, found := p.pick(); found {
		t.Error("gave a session while all were busy")
	}
	if p.redraws == 0 {
		t.Error("no redraw was counted")
	}
}

func TestQueue(t *testing.T) {
	var q queue[int]
	next := 0
	for i := range 10_000 {
		q.push(i)
		if i%3 != 0 {
			if got := q.pop(); got != next {
				t.Fatalf("gave %d, not %d", got, next)
			}
			next++
		}
	}
	if q.length() != 10_000-next || *q.front() != next {
		t.Errorf("%d left from %d on", q.length(), *q.front())
	}
}

func TestSteadyScheduleDoesNotDrift(t *testing.T) {
	s := newSteady(1000, 3, 1000*time.Second)
	count, last := 0, int64(0)
	for {
		due, more := s.next(0)
		if !more {
			break
		}
		count, last = count+1, due
		s.take()
	}
	if want := 1000 + int64(2999)*1e9/3; count != 3000 || last != want {
		t.Errorf("%d operations, the last at %d, not %d", count, last, want)
	}
}

func TestPoissonScheduleKeepsItsRate(t *testing.T) {
	p := newPoisson(0, 1000, 100*time.Second, rand.New(rand.NewPCG(1, 2)))
	count := 0.0
	for {
		if _, more := p.next(0); !more {
			break
		}
		count++
		p.take()
	}
	if math.Abs(count-100_000) > 5*math.Sqrt(100_000) {
		t.Errorf("%v operations, not about 100000", count)
	}
}

func TestAllMistakesAreToldTogether(t *testing.T) {
	_, err := ReadConfig(Workload{Mix: Mix{Read: math.NaN()}, ZipfExponent: math.NaN(), PayloadBytes: -1}, map[string]string{
		"SESSION_TARGET": "https://example.org/path", "SESSION_RATE": "many", "SESSION_LOOP": "spiral",
		"SESSION_DURATION": "-1", "SESSION_WARMUP": "NaN", "SESSION_CONNECTIONS": "1.5", "SESSION_SESSIONS": "0",
		"SESSION_TIMEOUT_MS": "0", "SESSION_SEED": "-1", "SESSION_TYPO": "1",
	})
	var mistakes *ConfigError
	if !errors.As(err, &mistakes) {
		t.Fatalf("error is %v", err)
	}
	text := err.Error()
	for _, name := range []string{
		"TARGET", "RATE", "LOOP", "DURATION", "WARMUP", "CONNECTIONS", "SESSION_SESSIONS", "TIMEOUT_MS", "SEED", "TYPO",
		"mix", "zipfExponent", "payloadBytes", "workload's sessions",
	} {
		if !strings.Contains(text, name) {
			t.Errorf("nothing is said of %s in:\n%s", name, text)
		}
	}
}

func TestOnlyThisMachineIsLoaded(t *testing.T) {
	env := map[string]string{"SESSION_RATE": "1"}
	for target, allowed := range map[string]bool{
		"http://127.0.0.1:80": true, "http://[::1]:80": true, "http://localhost:80": true, "http://127.1.2.3": true,
		"http://192.0.2.1:80": false, "http://example.org": false, "http://0.0.0.0:80": false, "http://127.0.0.1.example.org": false,
	} {
		env["SESSION_TARGET"] = target
		if _, err := ReadConfig(everything, env); (err == nil) != allowed {
			t.Errorf("%s: %v", target, err)
		}
	}
	env["SESSION_TARGET"], env["SESSION_ALLOW_REMOTE"] = "http://192.0.2.1:80", "1"
	if _, err := ReadConfig(everything, env); err != nil {
		t.Errorf("allowed, but: %v", err)
	}
}

func TestForeignVariablesOfTheSystemAreNoMistake(t *testing.T) {
	t.Setenv("SESSION_MANAGER", "local/host:@/tmp/.ICE-unix/1")
	env := map[string]string{"SESSION_TARGET": "http://127.0.0.1:1", "SESSION_RATE": "1", "SESSION_MANAGER": "local/host:@/tmp/.ICE-unix/1"}
	if _, err := ReadConfig(everything, env); err != nil {
		t.Error(err)
	}
}

func TestRepresentativesStandForAll(t *testing.T) {
	histogram := newHistogram()
	for value := range int64(10_000) {
		record(histogram, (value+1)*1000_000)
	}
	var all []float64
	for second := range int64(100) {
		durations := representatives(histogram, stride(histogram), second)
		if len(durations) < samplesPerSecond || len(durations) > samplesPerSecond+1 {
			t.Fatalf("%d durations", len(durations))
		}
		all = append(all, durations...)
	}
	mean := 0.0
	for _, each := range all {
		mean += each / float64(len(all))
	}
	if math.Abs(mean-5000) > 50 {
		t.Errorf("their mean is %v ms, that of all is 5000.5 ms", mean)
	}
}

func TestFewDurationsAreAllKept(t *testing.T) {
	histogram := newHistogram()
	for _, millis := range []int64{3, 1, 2} {
		record(histogram, millis*1_000_000)
	}
	for second := range int64(5) {
		got := representatives(histogram, stride(histogram), second)
		// Above 2,047 µs the histogram goes in steps of 2 µs, and gives the upper end.
		if want := []float64{1, 2, 3.001}; len(got) != 3 || !reflect.DeepEqual(got, want) {
			t.Errorf("kept %v, not %v", got, want)
		}
	}
}

package session

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

func fileOf(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "members")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// A population of millions is put into the store by other means; the load is of a sample of it.
func TestMembersAreReadAndNobodyLogsIn(t *testing.T) {
	a := newApp(t)
	a.sessions["id-a"] = stored{User: "ann", Version: 1, PayloadBytes: 10}
	a.sessions["id-b"] = stored{User: "bob", Version: 1, PayloadBytes: 10}
	var mutex sync.Mutex
	seen := map[string]bool{}
	a.intercept(func(_ http.ResponseWriter, r *http.Request) bool {
		mutex.Lock()
		defer mutex.Unlock()
		seen[r.Header.Get("Cookie")] = true
		return false
	})
	config := configFor(t, a.URL, readsOnly, map[string]string{
		"SESSION_RATE": "200", "SESSION_DURATION": "0.5", "SESSION_WARMUP": "0",
		"SESSION_MEMBERS": fileOf(t, "ann\tsession=id-a; SRV=app1\nbob\tsession=id-b; SRV=app2\n"),
	})
	result := drive(t, config)
	reads := result.Phases["measure"].Operations["read"]
	if reads.Count == 0 || reads.Errors.total() != 0 || reads.Violations.total() != 0 {
		t.Errorf("reads: %+v", reads)
	}
	if logins := result.Phases["seed"].Requests; logins != 0 {
		t.Errorf("%d requests before the load", logins)
	}
	mutex.Lock()
	defer mutex.Unlock()
	if len(seen) != 2 || !seen["session=id-a; SRV=app1"] || !seen["session=id-b; SRV=app2"] {
		t.Errorf("cookies sent: %v", seen)
	}
}

func TestAMemberWhoseSessionIsNotThereIsLost(t *testing.T) {
	a := newApp(t)
	config := configFor(t, a.URL, readsOnly, map[string]string{
		"SESSION_RATE": "50", "SESSION_DURATION": "0.5", "SESSION_WARMUP": "0",
		"SESSION_MEMBERS": fileOf(t, "ann\tsession=nobody\n"),
	})
	result := drive(t, config)
	if lost := result.Phases["measure"].Operations["read"].Violations.Lost; lost != 1 {
		t.Errorf("%d reads found their session gone, not 1", lost)
	}
}

func TestAFileOfMembersThatCannotBeReadSaysWhy(t *testing.T) {
	for text, words := range map[string]string{
		"": "names nobody", "ann session=x\n": "line 1", "ann\tsession=x\nbob\n": "line 2", "\tsession=x\n": "line 1",
	} {
		_, err := readMembers(fileOf(t, text))
		if err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("%q: %v", text, err)
		}
	}
	if _, err := readMembers("/nowhere/members"); err == nil {
		t.Error("a file that is not there is no mistake")
	}
}

package session

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// talk is an epoll client with one connection to the app.
type talk struct {
	t      *testing.T
	client *epoll
	conn   *conn
}

func newTalk(t *testing.T, a *app) *talk {
	t.Helper()
	client, err := newEpoll(strings.TrimPrefix(a.URL, "http://"), clock{time.Now()}, 1)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.close)
	return &talk{t: t, client: client, conn: &conn{fd: -1}}
}

// waitUntil turns the client's loop until a condition holds.
func (talk *talk) waitUntil(condition func() bool) {
	talk.t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !condition(); {
		if time.Now().After(deadline) {
			talk.t.Fatal("it did not happen in 10 s")
		}
		err := talk.client.wait(int64(10*time.Millisecond), func(c *conn, failure Failure) {
			c.busy = false
			if failure != NoFailure {
				talk.t.Errorf("failure %d: %v", failure, c.cause)
			}
		})
		if err != nil {
			talk.t.Fatal(err)
		}
	}
}

// post sends a body and gives the status of the answer.
func (talk *talk) post(body string) int {
	talk.t.Helper()
	talk.conn.out = fmt.Appendf(nil, "POST /session HTTP/1.1\r\nHost: app\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
	talk.conn.busy = true
	talk.client.send(talk.conn)
	talk.waitUntil(func() bool { return !talk.conn.busy })
	return talk.conn.answer.status
}

func TestAnIdleConnectionThatTheTargetClosesIsReplaced(t *testing.T) {
	a := newApp(t)
	talk := newTalk(t, a)
	if status := talk.post(`{"user":"ann"}`); status != http.StatusCreated {
		t.Fatalf("status %d", status)
	}
	a.CloseClientConnections()
	talk.waitUntil(func() bool { return talk.conn.fd < 0 })
	if status := talk.post(`{"user":"bob"}`); status != http.StatusCreated || talk.client.reconnects() != 1 {
		t.Errorf("status %d, %d reconnects", status, talk.client.reconnects())
	}
}

// Before Linux 5.11 the kernel waits in whole milliseconds.
func TestTheClientWorksOnAnOldKernel(t *testing.T) {
	talk := newTalk(t, newApp(t))
	talk.client.coarse = true
	if status := talk.post(`{"user":"ann"}`); status != http.StatusCreated {
		t.Errorf("status %d", status)
	}
}

func TestARequestThatLeavesInPartsIsSentWhole(t *testing.T) {
	// More than the buffers of both sockets hold.
	body := strings.Repeat("0123456789abcde\n", 1<<20)
	a := newApp(t)
	a.intercept(func(w http.ResponseWriter, r *http.Request) bool {
		if got, err := io.ReadAll(r.Body); err != nil || string(got) != body {
			w.WriteHeader(http.StatusBadRequest)
		} else {
			w.WriteHeader(http.StatusNoContent)
		}
		return true
	})
	if status := newTalk(t, a).post(body); status != http.StatusNoContent {
		t.Errorf("status %d", status)
	}
}

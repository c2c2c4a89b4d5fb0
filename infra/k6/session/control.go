package session

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"time"
)

// control tells the program that started the load how the load goes, with one JSON object a line over a unix socket, and
// waits for that program at barriers. A nil control tells nobody.
type control struct {
	socket net.Conn
	lines  *bufio.Scanner
	outbox chan any
	closed chan struct{}
}

// controlWriteTimeout bounds a write to a program that does not read.
const controlWriteTimeout = 5 * time.Second

func openControl(path string) (*control, error) {
	if path == "" {
		return nil, nil
	}
	socket, err := net.DialTimeout("unix", path, controlWriteTimeout)
	if err != nil {
		return nil, fmt.Errorf("open the control socket of SESSION_CONTROL: %w", err)
	}
	c := &control{
		socket: socket, lines: bufio.NewScanner(socket), outbox: make(chan any, 1024), closed: make(chan struct{}),
	}
	go c.deliver()
	return c, nil
}

func (c *control) deliver() {
	defer close(c.closed)
	for message := range c.outbox {
		line, err := json.Marshal(message)
		if err != nil {
			continue
		}
		_ = c.socket.SetWriteDeadline(time.Now().Add(controlWriteTimeout))
		if _, err := c.socket.Write(append(line, '\n')); err != nil {
			// Nobody listens any more. The load goes on.
			for range c.outbox { //nolint:revive // emptied so that no sender blocks
			}
			return
		}
	}
}

func (c *control) tell(message any) {
	if c != nil {
		c.outbox <- message
	}
}

// barrier waits until the other side says go, or is gone.
func (c *control) barrier(name string) {
	if c == nil {
		return
	}
	c.tell(map[string]string{"type": "barrier", "name": name})
	for c.lines.Scan() {
		var answer struct{ Type, Name string }
		if json.Unmarshal(c.lines.Bytes(), &answer) == nil && answer.Type == "go" && answer.Name == name {
			return
		}
	}
}

func (c *control) close() {
	if c == nil {
		return
	}
	close(c.outbox)
	<-c.closed
	_ = c.socket.Close()
}

// interrupt ends a wait at a barrier.
func (c *control) interrupt() {
	if c != nil {
		_ = c.socket.SetReadDeadline(time.Now())
	}
}

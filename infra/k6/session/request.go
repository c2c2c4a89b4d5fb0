package session

import "strconv"

// partCount is the number of parts that the app divides a payload into; a write replaces one of them.
const partCount = 8

// requestWriter builds requests without allocating.
type requestWriter struct {
	host    string
	payload int
	body    []byte
	part    int64
}

var methods = [operationCount]string{"POST", "GET", "PATCH", "DELETE", "GET"}

// append builds the operation's request at the end of buffer. cookies is the Cookie header's value, empty for none.
func (w *requestWriter) append(buffer []byte, operation Operation, user, cookies []byte) []byte {
	buffer = append(buffer, methods[operation]...)
	buffer = append(buffer, " /session HTTP/1.1\r\nHost: "...)
	buffer = append(buffer, w.host...)
	buffer = append(buffer, "\r\nAccept: application/json\r\n"...)
	if len(cookies) > 0 {
		buffer = append(buffer, "Cookie: "...)
		buffer = append(buffer, cookies...)
		buffer = append(buffer, "\r\n"...)
	}
	w.buildBody(operation, user)
	if len(w.body) > 0 {
		buffer = append(buffer, "Content-Type: application/json\r\nContent-Length: "...)
		buffer = strconv.AppendInt(buffer, int64(len(w.body)), 10)
		buffer = append(buffer, "\r\n"...)
	}
	buffer = append(buffer, "\r\n"...)
	return append(buffer, w.body...)
}

func (w *requestWriter) buildBody(operation Operation, user []byte) {
	w.body = w.body[:0]
	switch operation {
	case Login:
		w.body = append(w.body, `{"user":"`...)
		w.body = append(w.body, user...)
		w.body = append(w.body, `","payloadBytes":`...)
		w.body = strconv.AppendInt(w.body, int64(w.payload), 10)
		w.body = append(w.body, '}')
	case Write:
		w.part = (w.part + 1) % partCount
		w.body = append(w.body, `{"part":`...)
		w.body = strconv.AppendInt(w.body, w.part, 10)
		w.body = append(w.body, '}')
	case Read, Logout, Probe:
	}
}

package session

import (
	"bytes"
	"errors"
	"fmt"
)

const (
	maxHeaderBytes = 32 << 10
	maxBodyBytes   = 1 << 20
	// maxResponseBytes bounds all that is read for one answer, interim answers and the framing of chunks included.
	maxResponseBytes = 2 << 20
	// maxInterim bounds the interim answers (status 100 to 199) before an answer.
	maxInterim = 8
)

// response is one parsed answer; its slices point into the connection's buffer and hold until the next read.
type response struct {
	status     int
	setCookies [][]byte
	body       []byte
	// close says that the server will not take another request on this connection.
	close bool
}

// errMalformed is the cause of every parse error.
var errMalformed = errors.New("malformed HTTP response")

func malformed(format string, args ...any) error {
	return fmt.Errorf("%w: %s", errMalformed, fmt.Sprintf(format, args...))
}

var (
	headerEnd = []byte("\r\n\r\n")
	lineEnd   = []byte("\r\n")
)

type framing uint8

const (
	noBody framing = iota
	byLength
	byChunks
	byClose
)

type head struct {
	status  int
	framing framing
	length  int
	close   bool
	size    int
}

// parse reads one response from the front of data (RFC 9112), strictly: bytes that could be read in two ways are an
// error. It returns done == false while bytes are missing. eof says that the server has closed. used is the
// number of bytes that the response took. chunks is scratch space for a chunked body; it is returned for reuse.
func (r *response) parse(data []byte, eof bool, chunks []byte) (used int, done bool, scratch []byte, err error) {
	for range maxInterim {
		h, complete, err := r.findHead(data[used:], eof)
		if err != nil || !complete {
			return 0, false, chunks, err
		}
		if h.status >= 200 {
			size, done, body, err := r.parseBody(data[used:], h, eof, chunks)
			return used + size, done, body, err
		}
		used += h.size
	}
	return 0, false, chunks, malformed("more than %d interim answers", maxInterim)
}

// findHead parses the status line and the headers at the front of data; it reports false while they are incomplete.
func (r *response) findHead(data []byte, eof bool) (head, bool, error) {
	end := bytes.Index(data, headerEnd)
	if end > maxHeaderBytes || (end < 0 && len(data) > maxHeaderBytes+len(headerEnd)) {
		return head{}, false, malformed("header longer than %d bytes", maxHeaderBytes)
	}
	if end < 0 {
		if eof {
			return head{}, false, malformed("connection closed within the header")
		}
		return head{}, false, nil
	}
	h, err := r.parseHead(data[:end+len(lineEnd)])
	h.size = end + len(headerEnd)
	if err == nil && h.status == 101 {
		err = malformed("a switch of protocol that nobody asked for")
	}
	return h, err == nil, err
}

func (r *response) parseBody(data []byte, h head, eof bool, chunks []byte) (int, bool, []byte, error) {
	r.status, r.close = h.status, h.close
	rest := data[h.size:]
	switch h.framing {
	case noBody:
		r.body = nil
		return h.size, true, chunks, nil
	case byLength:
		if len(rest) >= h.length {
			r.body = rest[:h.length]
			return h.size + h.length, true, chunks, nil
		}
		if eof {
			return 0, false, chunks, malformed("connection closed after %d of %d body bytes", len(rest), h.length)
		}
		return 0, false, chunks, nil
	case byClose:
		if len(rest) > maxBodyBytes {
			return 0, false, chunks, malformed("body longer than %d bytes", maxBodyBytes)
		}
		r.body, r.close = rest, true
		return len(data), eof, chunks, nil
	case byChunks:
		used, done, body, err := parseChunks(rest, chunks[:0])
		if err == nil && !done && eof {
			err = malformed("connection closed within a chunked body")
		}
		r.body = body
		return h.size + used, done, body, err
	}
	panic("unknown framing")
}

func (r *response) parseHead(data []byte) (head, error) {
	line, rest, _ := bytes.Cut(data, lineEnd)
	h, err := parseStatusLine(line)
	if err != nil {
		return h, err
	}
	r.setCookies = r.setCookies[:0]
	h.framing, h.length = byClose, -1
	chunked, closes := false, false
	for len(rest) > 0 {
		line, rest, _ = bytes.Cut(rest, lineEnd)
		name, value, found := bytes.Cut(line, []byte{':'})
		if !found || len(name) == 0 || !isToken(name) {
			return h, malformed("header line %q", line)
		}
		value = bytes.Trim(value, " \t")
		if bytes.ContainsAny(value, "\r\n\x00") {
			return h, malformed("control character in header %q", name)
		}
		switch {
		case bytes.EqualFold(name, []byte("content-length")):
			length, ok := parseDigits(value)
			if !ok || length > maxBodyBytes || (h.length >= 0 && h.length != length) {
				return h, malformed("content-length %q", value)
			}
			h.length = length
		case bytes.EqualFold(name, []byte("transfer-encoding")):
			if chunked || !bytes.EqualFold(value, []byte("chunked")) {
				return h, malformed("transfer-encoding %q", value)
			}
			chunked = true
		case bytes.EqualFold(name, []byte("connection")):
			closes = closes || hasWord(value, "close")
			if hasWord(value, "keep-alive") {
				h.close = false
			}
		case bytes.EqualFold(name, []byte("set-cookie")):
			r.setCookies = append(r.setCookies, value)
		}
	}
	h.close = h.close || closes
	return h.withFraming(chunked)
}

func (h head) withFraming(chunked bool) (head, error) {
	switch {
	case chunked && h.length >= 0:
		return h, malformed("both content-length and transfer-encoding")
	case h.status < 200 || h.status == 204 || h.status == 304:
		h.framing = noBody
	case chunked:
		h.framing = byChunks
	case h.length >= 0:
		h.framing = byLength
	}
	return h, nil
}

func parseStatusLine(line []byte) (head, error) {
	const shortest = len("HTTP/1.1 200")
	if len(line) < shortest || !bytes.HasPrefix(line, []byte("HTTP/1.")) || line[8] != ' ' {
		return head{}, malformed("status line %q", clip(line))
	}
	if line[7] != '0' && line[7] != '1' {
		return head{}, malformed("HTTP version in %q", clip(line))
	}
	if bytes.ContainsAny(line, "\r\n\x00") {
		return head{}, malformed("control character in status line %q", clip(line))
	}
	status, ok := parseDigits(line[9:12])
	if !ok || status < 100 || status > 599 || (len(line) > shortest && line[12] != ' ') {
		return head{}, malformed("status in %q", clip(line))
	}
	return head{status: status, close: line[7] == '0'}, nil
}

func clip(data []byte) []byte { return data[:min(len(data), 80)] }

// parseChunks appends the chunks' data to body. done is false while bytes are missing.
func parseChunks(data, body []byte) (used int, done bool, joined []byte, err error) {
	for {
		line, rest, found := bytes.Cut(data[used:], lineEnd)
		if !found {
			if len(line) > 256 {
				return 0, false, body, malformed("chunk header longer than 256 bytes")
			}
			return 0, false, body, nil
		}
		size, err := parseChunkSize(line)
		if err != nil {
			return 0, false, body, err
		}
		used += len(line) + len(lineEnd)
		if size == 0 {
			return finishTrailer(data, used, body)
		}
		if len(body)+size > maxBodyBytes {
			return 0, false, body, malformed("body longer than %d bytes", maxBodyBytes)
		}
		if len(rest) < size+len(lineEnd) {
			return 0, false, body, nil
		}
		if !bytes.Equal(rest[size:size+len(lineEnd)], lineEnd) {
			return 0, false, body, malformed("chunk longer than its size")
		}
		body = append(body, rest[:size]...)
		used += size + len(lineEnd)
	}
}

func finishTrailer(data []byte, used int, body []byte) (int, bool, []byte, error) {
	for {
		line, _, found := bytes.Cut(data[used:], lineEnd)
		if !found {
			if len(line) > maxHeaderBytes {
				return 0, false, body, malformed("trailer longer than %d bytes", maxHeaderBytes)
			}
			return 0, false, body, nil
		}
		used += len(line) + len(lineEnd)
		if len(line) == 0 {
			return used, true, body, nil
		}
	}
}

func parseChunkSize(line []byte) (int, error) {
	digits, _, _ := bytes.Cut(line, []byte{';'})
	digits = bytes.TrimRight(digits, " \t")
	if len(digits) == 0 || len(digits) > 6 {
		return 0, malformed("chunk size %q", clip(line))
	}
	size := 0
	for _, digit := range digits {
		switch {
		case digit >= '0' && digit <= '9':
			size = size<<4 | int(digit-'0')
		case digit|0x20 >= 'a' && digit|0x20 <= 'f':
			size = size<<4 | int(digit|0x20-'a'+10)
		default:
			return 0, malformed("chunk size %q", clip(line))
		}
	}
	return size, nil
}

func parseDigits(text []byte) (int, bool) {
	if len(text) == 0 || len(text) > 9 {
		return 0, false
	}
	value := 0
	for _, digit := range text {
		if digit < '0' || digit > '9' {
			return 0, false
		}
		value = value*10 + int(digit-'0')
	}
	return value, true
}

func isToken(name []byte) bool {
	for _, char := range name {
		if char <= ' ' || char >= 0x7f || bytes.IndexByte([]byte(`"(),/:;<=>?@[\]{}`), char) >= 0 {
			return false
		}
	}
	return true
}

func hasWord(list []byte, word string) bool {
	for len(list) > 0 {
		var each []byte
		each, list, _ = bytes.Cut(list, []byte{','})
		if bytes.EqualFold(bytes.TrimSpace(each), []byte(word)) {
			return true
		}
	}
	return false
}

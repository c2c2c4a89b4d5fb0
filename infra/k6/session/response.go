package session

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
)

const (
	maxHeaderBytes = 32 << 10
	maxBodyBytes   = 1 << 20
	// maxChunkHeaderBytes bounds the line before the data of a chunk.
	maxChunkHeaderBytes = 256
	// maxResponseBytes bounds all that is read for one answer, interim answers and the framing of chunks included.
	maxResponseBytes = 2 << 20
	// longestQuote is how many bytes of a malformed line a message shows.
	longestQuote = 80
	// maxInterim bounds the interim answers (status 100 to 199) before an answer.
	maxInterim = 8
)

// response is one parsed answer; its slices point into the connection's buffer and hold until the next read.
type response struct {
	status     int
	setCookies [][]byte
	body       []byte
	// close means that the server will not take another request on this connection.
	close bool
	// joined is the memory for the data of chunks, used again for each answer.
	joined []byte
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

// parse reads one response from the front of data (RFC 9112), strictly: bytes that could be read in two ways are an
// error. It returns done == false while bytes are missing. eof means that the server has closed. used is the number of
// bytes that the response took.
func (r *response) parse(data []byte, eof bool) (used int, done bool, err error) {
	for range maxInterim {
		h, complete, err := r.findHead(data[used:], eof)
		if err != nil || !complete {
			return 0, false, err
		}
		used += h.size
		if h.status >= 200 {
			r.status, r.close = h.status, h.close
			size, done, err := r.parseBody(data[used:], h, eof)
			return used + size, done, err
		}
	}
	return 0, false, malformed("more than %d interim answers", maxInterim)
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
		err = malformed("a switch of protocol without a request for it")
	}
	return h, err == nil, err
}

func (r *response) parseBody(data []byte, h head, eof bool) (size int, done bool, err error) {
	switch h.framing {
	case noBody:
		r.body = nil
		return 0, true, nil
	case byLength:
		if len(data) >= h.length {
			r.body = data[:h.length]
			return h.length, true, nil
		}
		if eof {
			return 0, false, malformed("connection closed after %d of %d body bytes", len(data), h.length)
		}
		return 0, false, nil
	case byClose:
		if len(data) > maxBodyBytes {
			return 0, false, malformed("body longer than %d bytes", maxBodyBytes)
		}
		r.body, r.close = data, true
		return len(data), eof, nil
	case byChunks:
		size, done, err := r.parseChunks(data)
		if err == nil && !done && eof {
			err = malformed("connection closed within a chunked body")
		}
		r.body = r.joined
		return size, done, err
	}
	panic("unknown framing")
}

// clip gives a text of at most so many bytes, cut between words, with … in place of what is left out.
func clip(data []byte, most int) string {
	if len(data) <= most {
		return string(data)
	}
	start := data[:most]
	if blank := bytes.LastIndexAny(start, " \t\r\n"); blank > most/2 {
		start = start[:blank]
	}
	return strings.ToValidUTF8(string(start), "") + " …"
}

// parseChunks joins the data of the chunks.
func (r *response) parseChunks(data []byte) (used int, done bool, err error) {
	r.joined = r.joined[:0]
	for {
		line, rest, found := bytes.Cut(data[used:], lineEnd)
		if !found {
			if len(line) > maxChunkHeaderBytes {
				return 0, false, malformed("chunk header longer than %d bytes", maxChunkHeaderBytes)
			}
			return 0, false, nil
		}
		size, err := parseChunkSize(line)
		if err != nil {
			return 0, false, err
		}
		used += len(line) + len(lineEnd)
		if size == 0 {
			trailer, done, err := skipTrailer(rest)
			return used + trailer, done, err
		}
		if len(r.joined)+size > maxBodyBytes {
			return 0, false, malformed("body longer than %d bytes", maxBodyBytes)
		}
		if len(rest) < size+len(lineEnd) {
			return 0, false, nil
		}
		if !bytes.Equal(rest[size:size+len(lineEnd)], lineEnd) {
			return 0, false, malformed("chunk longer than its size")
		}
		r.joined = append(r.joined, rest[:size]...)
		used += size + len(lineEnd)
	}
}

// skipTrailer gives the number of bytes up to the end of the empty line behind the trailer.
func skipTrailer(data []byte) (used int, done bool, err error) {
	for {
		line, _, found := bytes.Cut(data[used:], lineEnd)
		if !found {
			if len(line) > maxHeaderBytes {
				return 0, false, malformed("trailer longer than %d bytes", maxHeaderBytes)
			}
			return 0, false, nil
		}
		used += len(line) + len(lineEnd)
		if len(line) == 0 {
			return used, true, nil
		}
	}
}

func parseChunkSize(line []byte) (int, error) {
	digits, _, _ := bytes.Cut(line, []byte{';'})
	digits = bytes.TrimRight(digits, " \t")
	if len(digits) == 0 || len(digits) > 6 {
		return 0, malformed("chunk size %q", clip(line, longestQuote))
	}
	size := 0
	for _, digit := range digits {
		switch {
		case digit >= '0' && digit <= '9':
			size = size<<4 | int(digit-'0')
		case digit|0x20 >= 'a' && digit|0x20 <= 'f':
			size = size<<4 | int(digit|0x20-'a'+10)
		default:
			return 0, malformed("chunk size %q", clip(line, longestQuote))
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

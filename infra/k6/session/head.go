package session

import "bytes"

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
	// length is the Content-Length; -1 without one.
	length  int
	chunked bool
	close   bool
	// size is the number of bytes of the head.
	size int
}

func (r *response) parseHead(data []byte) (head, error) {
	line, rest, _ := bytes.Cut(data, lineEnd)
	h, err := parseStatusLine(line)
	if err != nil {
		return h, err
	}
	r.setCookies = r.setCookies[:0]
	h.length = -1
	// Before HTTP/1.1 a connection is kept only when the server says so.
	keeps, closes := false, false
	for len(rest) > 0 {
		line, rest, _ = bytes.Cut(rest, lineEnd)
		name, value, err := parseHeader(line)
		switch {
		case err != nil:
		case bytes.EqualFold(name, []byte("content-length")):
			err = h.setLength(value)
		case bytes.EqualFold(name, []byte("transfer-encoding")):
			err = h.setTransferEncoding(value)
		case bytes.EqualFold(name, []byte("connection")):
			closes = closes || hasWord(value, "close")
			keeps = keeps || hasWord(value, "keep-alive")
		case bytes.EqualFold(name, []byte("set-cookie")):
			r.setCookies = append(r.setCookies, value)
		}
		if err != nil {
			return h, err
		}
	}
	h.close = closes || h.close && !keeps
	return h.withFraming()
}

func parseHeader(line []byte) (name, value []byte, err error) {
	name, value, found := bytes.Cut(line, []byte{':'})
	if !found || len(name) == 0 || !isToken(name) {
		return nil, nil, malformed("header line %q", line)
	}
	value = bytes.Trim(value, " \t")
	if bytes.ContainsAny(value, "\r\n\x00") {
		return nil, nil, malformed("control character in header %q", name)
	}
	return name, value, nil
}

func (h *head) setLength(value []byte) error {
	length, ok := parseDigits(value)
	if !ok || length > maxBodyBytes || (h.length >= 0 && h.length != length) {
		return malformed("content-length %q", value)
	}
	h.length = length
	return nil
}

func (h *head) setTransferEncoding(value []byte) error {
	if h.chunked || !bytes.EqualFold(value, []byte("chunked")) {
		return malformed("transfer-encoding %q", value)
	}
	h.chunked = true
	return nil
}

func (h head) withFraming() (head, error) {
	switch {
	case h.chunked && h.length >= 0:
		return h, malformed("both content-length and transfer-encoding")
	case h.status < 200 || h.status == 204 || h.status == 304:
		h.framing = noBody
	case h.chunked:
		h.framing = byChunks
	case h.length >= 0:
		h.framing = byLength
	default:
		h.framing = byClose
	}
	return h, nil
}

func parseStatusLine(line []byte) (head, error) {
	const shortest = len("HTTP/1.1 200")
	if len(line) < shortest || !bytes.HasPrefix(line, []byte("HTTP/1.")) || line[8] != ' ' {
		return head{}, malformed("status line %q", clip(line, longestQuote))
	}
	if line[7] != '0' && line[7] != '1' {
		return head{}, malformed("HTTP version in %q", clip(line, longestQuote))
	}
	if bytes.ContainsAny(line, "\r\n\x00") {
		return head{}, malformed("control character in status line %q", clip(line, longestQuote))
	}
	status, ok := parseDigits(line[9:12])
	if !ok || status < 100 || status > 599 || (len(line) > shortest && line[12] != ' ') {
		return head{}, malformed("status in %q", clip(line, longestQuote))
	}
	return head{status: status, close: line[7] == '0'}, nil
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

package session

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

type parsed struct {
	status  int
	body    string
	cookies string
	close   bool
}

var goodAnswers = []struct {
	name, text string
	want       parsed
	// toTheEnd: the answer ends where the connection does.
	toTheEnd bool
}{
	{"length", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", parsed{200, "hello", "", false}, false},
	{"no reason phrase", "HTTP/1.1 200\r\ncontent-length: 0\r\n\r\n", parsed{200, "", "", false}, false},
	{"empty reason phrase", "HTTP/1.1 201 \r\ncontent-length:0\r\n\r\n", parsed{201, "", "", false}, false},
	{"no body at all", "HTTP/1.1 204 No Content\r\nSet-Cookie: a=1\r\n\r\n", parsed{204, "", "a=1", false}, false},
	{"not modified", "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", parsed{304, "", "", false}, false},
	{"cookies", "HTTP/1.1 200 OK\r\nset-cookie: a=1; Path=/\r\nSET-COOKIE:b=2 \r\nContent-Length: 0\r\n\r\n", parsed{200, "", "a=1; Path=/|b=2", false}, false},
	{"chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1;x=y\r\n!\r\n0\r\n\r\n", parsed{200, "hello!", "", false}, false},
	{"a big chunk and a trailer", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1A\r\nabcdefghijklmnopqrstuvwxyz\r\n0\r\nX: y\r\n\r\n", parsed{200, "abcdefghijklmnopqrstuvwxyz", "", false}, false},
	{"no chunk but the last", "HTTP/1.1 401 Unauthorized\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", parsed{401, "", "", false}, false},
	{"close", "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok", parsed{200, "ok", "", true}, false},
	{"close wins", "HTTP/1.1 200 OK\r\nConnection: close\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok", parsed{200, "ok", "", true}, false},
	{"HTTP/1.0", "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", parsed{200, "ok", "", true}, false},
	{"HTTP/1.0 kept", "HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 2\r\n\r\nok", parsed{200, "ok", "", false}, false},
	{"until the end", "HTTP/1.0 200 OK\r\n\r\nall of it", parsed{200, "all of it", "", true}, true},
	{"continue first", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1", parsed{200, "1", "", false}, false},
	{"early hints first", "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n1\r\n0\r\n\r\n", parsed{200, "1", "", false}, false},
}

func (r *response) summary() parsed {
	return parsed{r.status, string(r.body), string(bytes.Join(r.setCookies, []byte("|"))), r.close}
}

// Every answer is cut in two at every byte: the front alone must be incomplete, and both together the answer.
func TestAnswersCutAnywhere(t *testing.T) {
	for _, each := range goodAnswers {
		t.Run(each.name, func(t *testing.T) {
			data := []byte(each.text)
			var r response
			for cut := range len(data) {
				_, done, err := r.parse(data[:cut], false)
				if done || err != nil {
					t.Fatalf("after %d of %d bytes: done %v, error %v", cut, len(data), done, err)
				}
			}
			used, done, err := r.parse(data, each.toTheEnd)
			if !done || err != nil || used != len(data) {
				t.Fatalf("whole: done %v, error %v, %d of %d bytes used", done, err, used, len(data))
			}
			if got := r.summary(); got != each.want {
				t.Errorf("parsed as %+v, not %+v", got, each.want)
			}
		})
	}
}

// readByNetHTTP reads the first answer that is not an interim one.
func readByNetHTTP(data []byte) (parsed, error) {
	reader := bufio.NewReader(bytes.NewReader(data))
	answer, err := http.ReadResponse(reader, nil)
	for err == nil && answer.StatusCode < 200 {
		answer, err = http.ReadResponse(reader, nil)
	}
	if err != nil {
		return parsed{}, err
	}
	body, err := io.ReadAll(answer.Body)
	cookies := strings.Join(answer.Header["Set-Cookie"], "|")
	return parsed{answer.StatusCode, string(body), cookies, answer.Close}, err
}

func TestNetHTTPReadsTheSame(t *testing.T) {
	for _, each := range goodAnswers {
		if got, err := readByNetHTTP([]byte(each.text)); err != nil || got != each.want {
			t.Errorf("%s: net/http reads %+v, not %+v; error %v", each.name, got, each.want, err)
		}
	}
}

func TestAnswersCutAnywhereByTheEndOfTheConnection(t *testing.T) {
	for _, each := range goodAnswers {
		if each.toTheEnd {
			continue
		}
		for cut := range len(each.text) {
			c := &conn{in: []byte(each.text[:cut])}
			if done, failure := c.advance(true, false); !done || failure != ConnectionFailure {
				t.Errorf("%s: closed after %d bytes: done %v, failure %v", each.name, cut, done, failure)
			}
		}
	}
}

func TestBytesAfterAnAnswerAreAMistake(t *testing.T) {
	for _, each := range goodAnswers {
		if each.toTheEnd {
			continue
		}
		c := &conn{in: []byte(each.text + "H")}
		if done, failure := c.advance(false, false); !done || failure != ProtocolFailure {
			t.Errorf("%s: done %v, failure %v", each.name, done, failure)
		}
	}
}

func TestAnAnswerToHalfARequestIsAMistake(t *testing.T) {
	c := &conn{in: []byte(goodAnswers[0].text), out: []byte("request"), outSent: 3}
	if done, failure := c.advance(false, false); !done || failure != ProtocolFailure {
		t.Errorf("done %v, failure %v", done, failure)
	}
}

func TestMalformedAnswers(t *testing.T) {
	const ok = "HTTP/1.1 200 OK\r\n"
	const chunked = ok + "Transfer-Encoding: chunked\r\n\r\n"
	for name, text := range map[string]string{
		"garbage":                   "garbage and more of it\r\n\r\n",
		"another version":           "HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n",
		"HTTP/1.2":                  "HTTP/1.2 200 OK\r\nContent-Length: 0\r\n\r\n",
		"status of two digits":      "HTTP/1.1 20 OK\r\nContent-Length: 0\r\n\r\n",
		"status of four digits":     "HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n",
		"status 600":                "HTTP/1.1 600 OK\r\nContent-Length: 0\r\n\r\n",
		"line feed in status line":  "HTTP/1.1 200 OK\nX: y\r\nContent-Length: 0\r\n\r\n",
		"header without a colon":    ok + "Content-Length 0\r\n\r\n",
		"space before the colon":    ok + "Content-Length : 0\r\n\r\n",
		"folded header":             ok + "X: y\r\n z\r\nContent-Length: 0\r\n\r\n",
		"empty name":                ok + ": y\r\nContent-Length: 0\r\n\r\n",
		"line feed in a header":     ok + "X: y\nZ: 1\r\nContent-Length: 0\r\n\r\n",
		"null in a header":          ok + "X: \x00\r\nContent-Length: 0\r\n\r\n",
		"length that is no number":  ok + "Content-Length: five\r\n\r\n",
		"negative length":           ok + "Content-Length: -5\r\n\r\n",
		"signed length":             ok + "Content-Length: +5\r\n\r\n",
		"length past all bounds":    ok + "Content-Length: 99999999999999999999\r\n\r\n",
		"two lengths":               ok + "Content-Length: 5\r\nContent-Length: 6\r\n\r\n",
		"length and chunks":         ok + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
		"another transfer encoding": ok + "Transfer-Encoding: gzip\r\n\r\n",
		"chunk size that is none":   chunked + "x\r\n",
		"empty chunk size":          chunked + "\r\n",
		"negative chunk size":       chunked + "-1\r\n",
		"chunk size past bounds":    chunked + "FFFFFFFFF\r\n",
		"chunk longer than said":    chunked + "2\r\nabc\r\n0\r\n\r\n",
		"endless chunk header":      chunked + strings.Repeat("0", 300),
		"endless trailer":           chunked + "0\r\n" + strings.Repeat("x", maxHeaderBytes+1),
		"endless header":            ok + "X: " + strings.Repeat("x", maxHeaderBytes),
		"long header":               ok + "X: " + strings.Repeat("x", maxHeaderBytes) + "\r\n\r\n",
		"switching protocols":       "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
		"nothing but continue":      strings.Repeat("HTTP/1.1 100 Continue\r\n\r\n", maxInterim+1),
	} {
		t.Run(name, func(t *testing.T) {
			c := &conn{in: []byte(text)}
			done, failure := c.advance(false, false)
			if !done || failure != ProtocolFailure || c.cause == nil {
				t.Errorf("done %v, failure %v, cause %v", done, failure, c.cause)
			}
		})
	}
}

func TestAnEndlessAnswerEnds(t *testing.T) {
	c := &conn{in: []byte("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")}
	for range maxResponseBytes {
		c.in = append(c.in, strings.Repeat("1;"+strings.Repeat("x", 200)+"\r\na\r\n", 1000)...)
		if done, failure := c.advance(false, false); done {
			if failure != ProtocolFailure {
				t.Errorf("failure %v", failure)
			}
			return
		}
	}
	t.Error("it was never given up")
}

// FuzzParse holds that no bytes make the parser panic, that it never uses more bytes than there are, and that an answer
// reads the same however it arrives.
func FuzzParse(f *testing.F) {
	for _, each := range goodAnswers {
		f.Add([]byte(each.text), true)
		f.Add([]byte(each.text), false)
	}
	f.Fuzz(func(t *testing.T, data []byte, eof bool) {
		var whole, piecemeal response
		used, done, err := whole.parse(data, eof)
		if !done || err != nil {
			return
		}
		if used < 0 || used > len(data) {
			t.Fatalf("%d of %d bytes used", used, len(data))
		}
		want := fmt.Sprint(whole.summary())
		for cut := range used {
			_, early, err := piecemeal.parse(data[:cut], false)
			if err != nil || early {
				t.Fatalf("after %d of %d bytes: done %v, error %v", cut, used, early, err)
			}
		}
		_, done, err = piecemeal.parse(data, eof)
		if got := fmt.Sprint(piecemeal.summary()); !done || err != nil || got != want {
			t.Fatalf("piece by piece: %v, not %v", got, want)
		}
	})
}

func FuzzView(f *testing.F) {
	f.Add([]byte(`{"user":"u-1","version":1,"payloadBytes":100}`))
	f.Add([]byte(`{"version":1,"user":"\u00e4","payloadBytes":0}`))
	f.Add([]byte(`{"user":"","version":-1,"payloadBytes":1e3}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		fast, ok := parseViewFast(body)
		if !ok {
			_, _ = parseView(body)
			return
		}
		slow, readable := parseViewSlow(body)
		if readable && (string(fast.user) != string(slow.user) || fast.version != slow.version || fast.payloadBytes != slow.payloadBytes) {
			t.Fatalf("read as %+v quickly and as %+v with care", fast, slow)
		}
	})
}

func TestClipCutsBetweenWords(t *testing.T) {
	cases := []struct{ text, want string }{
		{"short", "short"},
		{"exactly ten", "exactly …"},
		{"say what it is", "say what …"},
		{"0123456789abc", "0123456789 …"},
		{"a bcdefghijkl", "a bcdefghi …"},
		{"12345678 éé", "12345678 …"},
	}
	for _, each := range cases {
		if got := clip([]byte(each.text), 10); got != each.want {
			t.Errorf("clip(%q) = %q, want %q", each.text, got, each.want)
		}
	}
}

package session

import (
	"bytes"
	"encoding/json"
)

// view is what the app says of a session. user points into the response's body where it can.
type view struct {
	user         []byte
	version      int64
	payloadBytes int64
}

// parseView reads {"user":…,"version":…,"payloadBytes":…}. The form that the app writes, in this order and without spaces,
// is read without an allocation; any other goes through encoding/json.
func parseView(body []byte) (view, bool) {
	if v, ok := parseViewFast(body); ok {
		return v, true
	}
	return parseViewSlow(body)
}

func parseViewSlow(body []byte) (view, bool) {
	var slow struct {
		User         *string `json:"user"`
		Version      *int64  `json:"version"`
		PayloadBytes *int64  `json:"payloadBytes"`
	}
	if json.Unmarshal(body, &slow) != nil || slow.User == nil || slow.Version == nil || slow.PayloadBytes == nil {
		return view{}, false
	}
	return view{user: []byte(*slow.User), version: *slow.Version, payloadBytes: *slow.PayloadBytes}, true
}

var (
	userKey    = []byte(`{"user":"`)
	versionKey = []byte(`","version":`)
	payloadKey = []byte(`,"payloadBytes":`)
)

func parseViewFast(body []byte) (view, bool) {
	rest, found := bytes.CutPrefix(body, userKey)
	if !found {
		return view{}, false
	}
	quote := bytes.IndexByte(rest, '"')
	if quote < 0 || bytes.IndexByte(rest[:quote], '\\') >= 0 {
		return view{}, false
	}
	user := rest[:quote]
	if rest, found = bytes.CutPrefix(rest[quote:], versionKey); !found {
		return view{}, false
	}
	digits := digitsAtFront(rest)
	version, ok := parseDigits(rest[:digits])
	if rest, found = bytes.CutPrefix(rest[digits:], payloadKey); !ok || !found {
		return view{}, false
	}
	digits = digitsAtFront(rest)
	payload, ok := parseDigits(rest[:digits])
	if !ok || string(rest[digits:]) != "}" {
		return view{}, false
	}
	return view{user: user, version: int64(version), payloadBytes: int64(payload)}, true
}

func digitsAtFront(text []byte) int {
	count := 0
	for count < len(text) && text[count] >= '0' && text[count] <= '9' {
		count++
	}
	return count
}

package session

import (
	"bytes"
	"strconv"
	"time"
)

// cookieJar holds the cookies of one client. Path and Domain play no part: there is one host and one path. It follows
// RFC 6265bis section 5 where that matters here: the last value of a name wins, and Max-Age goes before Expires.
type cookieJar struct {
	names, values [][]byte
	// header is the value of the Cookie header, made when a cookie changes.
	header []byte
}

func (jar *cookieJar) set(name, value []byte) {
	for i := range jar.names {
		if bytes.Equal(jar.names[i], name) {
			jar.values[i] = append(jar.values[i][:0], value...)
			return
		}
	}
	jar.names = append(jar.names, bytes.Clone(name))
	jar.values = append(jar.values, bytes.Clone(value))
}

func (jar *cookieJar) remove(name []byte) {
	for i := range jar.names {
		if bytes.Equal(jar.names[i], name) {
			jar.names = append(jar.names[:i], jar.names[i+1:]...)
			jar.values = append(jar.values[:i], jar.values[i+1:]...)
			return
		}
	}
}

// take applies one Set-Cookie header; it reports false when the header is no cookie.
func (jar *cookieJar) take(setCookie []byte) bool {
	pair, attributes, _ := bytes.Cut(setCookie, []byte{';'})
	name, value, found := bytes.Cut(pair, []byte{'='})
	name, value = bytes.TrimSpace(name), bytes.TrimSpace(value)
	if !found || len(name) == 0 {
		return false
	}
	if isDeletion(attributes) {
		jar.remove(name)
	} else {
		jar.set(name, value)
	}
	jar.rebuild()
	return true
}

// takeAll applies the Set-Cookie headers of an answer. It skips those that are no cookies, as user agents do, and reports
// whether there was a cookie among them.
func (jar *cookieJar) takeAll(setCookies [][]byte) bool {
	taken := false
	for _, each := range setCookies {
		taken = jar.take(each) || taken
	}
	return taken
}

func (jar *cookieJar) rebuild() {
	jar.header = jar.header[:0]
	for i := range jar.names {
		if i > 0 {
			jar.header = append(jar.header, "; "...)
		}
		jar.header = append(jar.header, jar.names[i]...)
		jar.header = append(jar.header, '=')
		jar.header = append(jar.header, jar.values[i]...)
	}
}

func (jar *cookieJar) clear() {
	jar.names, jar.values, jar.header = jar.names[:0], jar.values[:0], jar.header[:0]
}

func isDeletion(attributes []byte) bool {
	expired := false
	for len(attributes) > 0 {
		var attribute []byte
		attribute, attributes, _ = bytes.Cut(attributes, []byte{';'})
		name, value, _ := bytes.Cut(attribute, []byte{'='})
		name, value = bytes.TrimSpace(name), bytes.TrimSpace(value)
		switch {
		case bytes.EqualFold(name, []byte("max-age")):
			seconds, err := strconv.Atoi(string(value))
			if err == nil {
				return seconds <= 0
			}
		case bytes.EqualFold(name, []byte("expires")):
			expired = isPast(string(value))
		}
	}
	return expired
}

// cookieDates are the forms that servers write: that of RFC 9110, and the older one with hyphens.
var cookieDates = [...]string{time.RFC1123, "Mon, 02-Jan-2006 15:04:05 MST"}

func isPast(date string) bool {
	for _, form := range cookieDates {
		if moment, err := time.Parse(form, date); err == nil {
			return !moment.After(time.Now())
		}
	}
	return false
}

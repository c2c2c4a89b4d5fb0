package session

import (
	"testing"
)

func TestCookies(t *testing.T) {
	for _, each := range []struct {
		name   string
		given  []string
		header string
	}{
		{"one", []string{"session=abc; Path=/; HttpOnly"}, "session=abc"},
		{"two", []string{"session=abc", "SRV=app1; path=/"}, "session=abc; SRV=app1"},
		{"the last value wins", []string{"session=abc", "SRV=app1", "session=def"}, "session=def; SRV=app1"},
		{"a value with an equals sign", []string{"a=b=c=="}, "a=b=c=="},
		{"an empty value", []string{"a="}, "a="},
		{"deleted by Max-Age", []string{"a=1", "b=2", "a=; Max-Age=0"}, "b=2"},
		{"deleted by a negative Max-Age", []string{"a=1", "a=; Max-Age=-1"}, ""},
		{"deleted by Expires", []string{"a=1", "b=2", "a=x; Expires=Thu, 01 Jan 1970 00:00:00 GMT"}, "b=2"},
		{"deleted by an old form of Expires", []string{"a=1", "a=; Expires=Thu, 01-Jan-1970 00:00:01 GMT; path=/"}, ""},
		{"Max-Age before Expires", []string{"a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=60"}, "a=1"},
		{"still to come", []string{"a=1; Expires=Fri, 31 Dec 9999 23:59:59 GMT"}, "a=1"},
		{"no cookies", []string{"", "nonsense", "=value"}, ""},
		{"set again after its deletion", []string{"a=1", "b=2", "a=; Max-Age=0", "a=3"}, "b=2; a=3"},
	} {
		t.Run(each.name, func(t *testing.T) {
			var jar cookieJar
			for _, header := range each.given {
				jar.take([]byte(header))
			}
			if got := string(jar.header); got != each.header {
				t.Errorf("sends %q, not %q", got, each.header)
			}
		})
	}
}

func TestAJarCanBeUsedAgain(t *testing.T) {
	var jar cookieJar
	jar.takeAll([][]byte{[]byte("a=1"), []byte("b=2")})
	jar.clear()
	if len(jar.header) != 0 {
		t.Errorf("sends %q after it was cleared", jar.header)
	}
	jar.takeAll([][]byte{[]byte("c=3")})
	if got := string(jar.header); got != "c=3" {
		t.Errorf("sends %q", got)
	}
}

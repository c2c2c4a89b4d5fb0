package session

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
)

// member is a client that has its session already.
type member struct{ user, cookies []byte }

// longestMember bounds a line of the file.
const longestMember = 64 * 1024

// readMembers reads the file; an empty path names nobody.
func readMembers(path string) ([]member, error) {
	if path == "" {
		return nil, nil
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("SESSION_MEMBERS: %w", err)
	}
	defer file.Close()
	var members []member
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, longestMember)
	for number := 1; lines.Scan(); number++ {
		user, cookies, found := bytes.Cut(lines.Bytes(), []byte{'\t'})
		if !found || len(user) == 0 || len(cookies) == 0 {
			return nil, fmt.Errorf("SESSION_MEMBERS: line %d of %s is no user and cookies with a tab between them", number, path)
		}
		members = append(members, member{user: bytes.Clone(user), cookies: bytes.Clone(cookies)})
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("SESSION_MEMBERS: %s: %w", path, err)
	}
	if len(members) == 0 {
		return nil, fmt.Errorf("SESSION_MEMBERS: %s names nobody", path)
	}
	return members, nil
}

// admit gives members the slots of an empty pool, as clients that have just logged in.
func (p *pool) admit(members []member) {
	for _, each := range members {
		slot, free := p.takeFree()
		if !free {
			return
		}
		client := &p.clients[slot]
		client.user = append(client.user[:0], each.user...)
		for pair := range bytes.SplitSeq(each.cookies, []byte("; ")) {
			name, value, _ := bytes.Cut(pair, []byte{'='})
			client.jar.set(name, value)
		}
		client.jar.rebuild()
		client.version.confirm(1)
		client.version.forget()
		client.live = true
	}
}

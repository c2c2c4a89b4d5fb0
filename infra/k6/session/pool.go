package session

import (
	"math/rand/v2"
	"strconv"
)

// client is one slot of the pool: a user with at most one session.
type client struct {
	user []byte
	jar  cookieJar
	// live means that the client has a session, and busy that one of its operations is in flight.
	live, busy bool
	version    versions
	debt       debt
}

func (c *client) available() bool { return c.live && !c.busy }

// pool holds all clients, picks live ones by a Zipf law and knows the empty slots.
type pool struct {
	clients []client
	// rankToSlot spreads the popular ranks over the slots.
	rankToSlot []int32
	zipf       *zipf
	random     *rand.Rand
	// free lists the slots that have no session and no operation in flight.
	free     []int32
	nextUser int64
	// redraws counts draws that met a client without a session or with an operation in flight.
	redraws int64
	// prefix begins the name of every user.
	prefix string
}

// redrawLimit bounds how often a draw that met a busy client is repeated. After that the next free client is taken.
const redrawLimit = 8

func newPool(random *rand.Rand, size int, exponent float64, prefix string) *pool {
	p := &pool{
		clients:    make([]client, size),
		rankToSlot: make([]int32, size),
		zipf:       newZipf(random, exponent, size),
		random:     random,
		free:       make([]int32, 0, size),
		prefix:     prefix,
	}
	for slot, shuffled := range random.Perm(size) {
		p.rankToSlot[slot] = int32(shuffled)
	}
	for slot := size - 1; slot >= 0; slot-- {
		p.release(int32(slot))
	}
	return p
}

// release puts an empty slot on the free list.
func (p *pool) release(slot int32) {
	p.free = append(p.free, slot)
}

// takeFree takes an empty slot for a new user; it reports false when there is none.
func (p *pool) takeFree() (int32, bool) {
	if len(p.free) == 0 {
		return 0, false
	}
	slot := p.free[len(p.free)-1]
	p.free = p.free[:len(p.free)-1]
	p.newUser(slot)
	return slot, true
}

func (p *pool) newUser(slot int32) {
	client := &p.clients[slot]
	p.nextUser++
	client.user = append(client.user[:0], p.prefix...)
	client.user = strconv.AppendInt(client.user, p.nextUser, 10)
	client.jar.clear()
	client.debt = debt{}
}

// live lists the slots that have a session, in random order.
func (p *pool) live() []int32 {
	var live []int32
	for _, slot := range p.rankToSlot {
		if p.clients[slot].live {
			live = append(live, slot)
		}
	}
	return live
}

// pick draws a live client without an operation in flight; it reports false when there is none.
func (p *pool) pick() (int32, bool) {
	for range redrawLimit {
		slot := p.rankToSlot[p.zipf.draw()]
		if p.clients[slot].available() {
			return slot, true
		}
		p.redraws++
	}
	start := p.random.IntN(len(p.clients))
	for offset := range p.clients {
		slot := int32((start + offset) % len(p.clients))
		if p.clients[slot].available() {
			return slot, true
		}
	}
	return 0, false
}
